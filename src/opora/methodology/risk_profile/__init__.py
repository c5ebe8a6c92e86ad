"""The risk profile of a school (РПШ): answers, context and results in, explained levels of factors out."""
