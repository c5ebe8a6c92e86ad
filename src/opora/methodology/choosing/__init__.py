"""The choice of participants (выбор участников): schools that represent the candidates, with its bound."""
