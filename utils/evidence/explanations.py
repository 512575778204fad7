"""The kinds of dull explanation that undid conclusions of this book: the only list, each with a sentence."""

KINDS = {
    "start": "The scale or the values of the first weights made the difference.",
    "rate": "One learning rate was given to arms that want different ones.",
    "steps": "The arms were trained too briefly to tell.",
    "work": "One arm was given more multiply-adds, or more seconds.",
    "bytes": "A plain network, rounded or narrower, has the same bytes.",
    "parameters": "An ordinary network, narrower or shallower, has the same number of parameters.",
    "rule": "Something untrained or linear solves the task.",
    "straw rival": "The rival was weaker than the one that a reader would use.",
    "broken arm": "An arm lost because of a fault in our code.",
    "luck": "One draw, one start, or the best of many looks made the difference.",
    "ranges": "The space of choices, a default or the first guess decided, not the search in it.",
    "algebra": "Arithmetic fixed the result before anything ran.",
    "another part": "Another part of the network decided: output layer, pool, head, direction, offset.",
    "looks": "One arm was looked at more often at validation, and the best look was kept.",
    "chance": "Guessing, or the most frequent answer, comes as far.",
    "repetitions": "The data set repeats itself, and memory was enough.",
}
