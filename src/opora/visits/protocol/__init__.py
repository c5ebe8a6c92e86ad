"""The pure rules of records: their canonical form, what each must hold, what stands after merging."""
