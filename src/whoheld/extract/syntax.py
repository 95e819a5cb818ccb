"""Reading a dependency parse: who does what to whom, in spaCy's English labels (ClearNLP).

Pure functions over tokens. A clause's subject may stand far off: a verb that is a conjunct, a complement or a relative
clause borrows it, and these functions follow that up.
"""

from __future__ import annotations

from collections.abc import Iterator

from whoheld.extract.nlp import Word

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "obj"})
_RELATIVE = frozenset({"which", "who", "that", "whom", "where"})


def children(token: Word, *labels: str) -> list[Word]:
    """The direct dependents with one of the labels, in order."""
    return [child for child in token.children if child.dep in labels]


def conjuncts(token: Word) -> Iterator[Word]:
    """The token and all that is coordinated with it ("A, B and C"), in order.

    An apposition that the parser made of a list item whose comma is lost is followed too.
    """
    yield token
    for child in token.children:
        if child.dep == "conj":
            yield from conjuncts(child)


def is_passive(verb: Word) -> bool:
    """Whether the verb is a passive: by its auxiliary or subject, or as a bare participle after a noun."""
    if any(c.dep in ("auxpass", "nsubjpass", "agent") for c in verb.children):
        return True
    if verb.dep == "acl" and verb.tag in ("VBN", "VBD"):
        return not any(c.dep in OBJECTS for c in verb.children)
    if verb.dep == "conj" and verb.tag == "VBN" and verb.head.pos in ("VERB", "AUX"):
        return is_passive(verb.head) and not any(c.dep in SUBJECTS or c.dep in OBJECTS for c in verb.children)
    return False


def subject(verb: Word) -> Word | None:
    """Who does it: the active subject, also of the clause that the verb continues; None for a passive."""
    for child in verb.children:
        if child.dep in SUBJECTS:
            return _antecedent(child, verb)
    if is_passive(verb):
        return None
    return _borrowed(verb)


def passive_subject(verb: Word) -> Word | None:
    """What it is done to, in a passive."""
    for child in verb.children:
        if child.dep in PASSIVE_SUBJECTS:
            return _antecedent(child, verb)
    if not is_passive(verb):
        return None
    for child in verb.children:  # a parser slip: an active subject label in a passive clause
        if child.dep in SUBJECTS:
            return _antecedent(child, verb)
    if verb.dep == "acl":
        return verb.head
    if verb.dep in ("conj", "xcomp", "advcl"):
        return passive_subject(verb.head) or _borrowed(verb)
    if verb.dep == "relcl":
        return verb.head
    return None


def _borrowed(verb: Word) -> Word | None:
    head = verb.head
    if head == verb:
        return None
    if verb.dep in ("conj", "xcomp", "advcl", "ccomp", "dep") and head.pos in ("VERB", "AUX"):
        if verb.dep == "ccomp" and verb.tag not in ("VB", "VBG"):
            return None
        if verb.dep == "xcomp":  # "forced X to withdraw", "helped X capture"
            for child in head.children:
                if child.dep in OBJECTS and child.i < verb.i:
                    return _antecedent(child, head)
        return passive_subject(head) or subject(head) if is_passive(head) else subject(head)
    if verb.dep == "relcl":
        own_object = any(c.dep in OBJECTS for c in verb.children)
        return head if own_object or any(c.lower in _RELATIVE and c.dep in SUBJECTS for c in verb.children) else None
    if verb.dep == "acl" and verb.tag in ("VBG", "VB"):
        if (
            head.dep in OBJECTS | {"pobj", "attr"} and verb.tag == "VB"
        ):  # "launched an offensive to retake": the launcher
            governor = head.head if head.dep != "pobj" else head.head.head
            return subject(governor) if governor.pos in ("VERB", "AUX") else head
        return head
    if verb.dep == "pcomp":  # "after capturing", "of seizing"
        governor = head.head
        if governor.pos in ("VERB", "AUX"):
            return subject(governor) or passive_subject(governor)
        return governor if governor.pos in ("NOUN", "PROPN") and verb.tag == "VBG" and head.lower == "of" else None
    return None


def _antecedent(token: Word, verb: Word) -> Word:
    """The noun behind a relative pronoun."""
    if token.lower in _RELATIVE and token.pos in ("PRON", "DET", "SCONJ", "ADV"):
        clause = verb
        while clause.dep in ("conj", "xcomp", "auxpass", "aux") and clause.head != clause:
            clause = clause.head
        if clause.dep == "relcl":
            return clause.head
    return token


def direct_object(verb: Word) -> Word | None:
    """What it is done to, in an active clause; the head noun for a relative clause whose object is a gap."""
    for child in verb.children:
        if child.dep in OBJECTS:
            return _antecedent(child, verb)
    if verb.dep == "relcl" and not is_passive(verb):
        for child in verb.children:  # "the town that IS captured", "P, which X took"
            if child.dep in SUBJECTS and child.lower not in _RELATIVE:
                return verb.head
    if verb.dep == "conj" and verb.head.pos == "VERB" and not is_passive(verb):
        # "entered and secured the town" has its object on the last verb; "seized and held X" on the first
        return None
    return None


def shared_object(verb: Word) -> Word | None:
    """The object of a coordinated verb: "entered and secured the town"."""
    for child in verb.children:
        if child.dep == "conj" and child.pos == "VERB" and not subject_of_its_own(child):
            found = direct_object(child)
            if found is not None:
                return found
    if verb.dep == "conj" and verb.head.pos == "VERB":
        return direct_object(verb.head)
    return None


def subject_of_its_own(verb: Word) -> bool:
    """Whether the verb has a subject in its own clause."""
    return any(c.dep in SUBJECTS or c.dep in PASSIVE_SUBJECTS for c in verb.children)


def agent(verb: Word) -> Word | None:
    """The "by X" of a passive."""
    for child in verb.children:
        if child.dep == "agent" or (child.dep == "prep" and child.lower == "by"):
            for grandchild in child.children:
                if grandchild.dep == "pobj":
                    return grandchild
    if verb.dep in ("conj",) and verb.tag == "VBN":
        return agent(verb.head)
    return None


def prepositional(token: Word, *words: str) -> list[tuple[Word, Word]]:
    """(preposition, object) pairs that hang on the token; all of them where no words are given.

    "out of P" gives ("out", P), "south of P" gives ("south", P), "near to P" ("near", P).
    """
    found: list[tuple[Word, Word]] = []
    for child in token.children:
        if child.dep in ("prep", "agent", "advmod", "prt", "dative", "amod") and (not words or child.lower in words):
            for inner in child.children:
                if inner.dep == "pobj":
                    found.append((child, inner))
                elif inner.dep == "prep" or (inner.dep == "pcomp" and inner.pos == "ADP"):
                    found.extend((child, deepest) for deepest in inner.children if deepest.dep == "pobj")
    return found


def main_verb(token: Word) -> Word | None:
    """The verb of the clause in which the token stands; the token itself if it is one."""
    current = token
    while current.pos not in ("VERB", "AUX"):
        if current.head == current:
            return None
        current = current.head
    return current


def noun_phrase(token: Word) -> tuple[Word, Word]:
    """First and last token of the name that the token heads: its left modifiers and itself, no article."""
    first = token
    for left in reversed(list(token.lefts)):
        if left.dep in ("compound", "amod", "nmod", "nummod", "poss", "punct", "quantmod", "npadvmod", "case") and (
            left.dep != "poss" or left.pos != "PRON"
        ):
            if left.dep == "punct" and left.text not in ("-", "'", "’"):
                break
            first = left.left_edge
        elif left.dep in ("det", "predet"):
            break
        else:
            break
    while first.i < token.i and (first.pos in ("DET", "PUNCT", "PRON")):
        first = first.nbor(1)
    return first, token
