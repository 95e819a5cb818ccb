"""Reading a dependency parse: who does what to whom, in spaCy's English labels (ClearNLP).

Pure functions over tokens. A clause's subject may stand far off: a verb that is a conjunct, a complement or a relative
clause borrows it, and these functions follow that up.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
OBJECTS = frozenset({"dobj", "obj"})
CLAUSES = frozenset({"ccomp", "advcl", "relcl", "acl", "parataxis", "csubj", "pcomp"})
_RELATIVE = frozenset({"which", "who", "that", "whom", "where"})


def children(token: Token, *labels: str) -> list[Token]:
    """The direct dependents with one of the labels, in order."""
    return [child for child in token.children if child.dep_ in labels]


def conjuncts(token: Token) -> Iterator[Token]:
    """The token and all that is coordinated with it ("A, B and C"), in order.

    An apposition that the parser made of a list item whose comma is lost is followed too.
    """
    yield token
    for child in token.children:
        if child.dep_ == "conj":
            yield from conjuncts(child)


def is_passive(verb: Token) -> bool:
    """Whether the verb is a passive: by its auxiliary or subject, or as a bare participle after a noun."""
    if any(c.dep_ in ("auxpass", "nsubjpass", "agent") for c in verb.children):
        return True
    if verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBD"):
        return not any(c.dep_ in OBJECTS for c in verb.children)
    if verb.dep_ == "conj" and verb.tag_ == "VBN" and verb.head.pos_ in ("VERB", "AUX"):
        return is_passive(verb.head) and not any(c.dep_ in SUBJECTS or c.dep_ in OBJECTS for c in verb.children)
    return False


def subject(verb: Token) -> Token | None:
    """Who does it: the active subject, also of the clause that the verb continues; None for a passive."""
    for child in verb.children:
        if child.dep_ in SUBJECTS:
            return _antecedent(child, verb)
    if is_passive(verb):
        return None
    return _borrowed(verb)


def passive_subject(verb: Token) -> Token | None:
    """What it is done to, in a passive."""
    for child in verb.children:
        if child.dep_ in PASSIVE_SUBJECTS:
            return _antecedent(child, verb)
    if not is_passive(verb):
        return None
    for child in verb.children:  # a parser slip: an active subject label in a passive clause
        if child.dep_ in SUBJECTS:
            return _antecedent(child, verb)
    if verb.dep_ == "acl":
        return verb.head
    if verb.dep_ in ("conj", "xcomp", "advcl"):
        return passive_subject(verb.head) or _borrowed(verb)
    if verb.dep_ == "relcl":
        return verb.head
    return None


def _borrowed(verb: Token) -> Token | None:
    head = verb.head
    if head is verb:
        return None
    if verb.dep_ in ("conj", "xcomp", "advcl", "ccomp", "dep") and head.pos_ in ("VERB", "AUX"):
        if verb.dep_ == "ccomp" and verb.tag_ not in ("VB", "VBG"):
            return None
        if verb.dep_ == "xcomp":  # "forced X to withdraw", "helped X capture"
            for child in head.children:
                if child.dep_ in OBJECTS and child.i < verb.i:
                    return _antecedent(child, head)
        return passive_subject(head) or subject(head) if is_passive(head) else subject(head)
    if verb.dep_ == "relcl":
        own_object = any(c.dep_ in OBJECTS for c in verb.children)
        return head if own_object or any(c.text.lower() in _RELATIVE and c.dep_ in SUBJECTS for c in verb.children) else None
    if verb.dep_ == "acl" and verb.tag_ in ("VBG", "VB"):
        if head.dep_ in OBJECTS | {"pobj", "attr"} and verb.tag_ == "VB":  # "launched an offensive to retake": the launcher
            governor = head.head if head.dep_ != "pobj" else head.head.head
            return subject(governor) if governor.pos_ in ("VERB", "AUX") else head
        return head
    if verb.dep_ == "pcomp":  # "after capturing", "of seizing"
        governor = head.head
        if governor.pos_ in ("VERB", "AUX"):
            return subject(governor) or passive_subject(governor)
        return governor if governor.pos_ in ("NOUN", "PROPN") and verb.tag_ == "VBG" and head.text.lower() == "of" else None
    return None


def _antecedent(token: Token, verb: Token) -> Token:
    """The noun behind a relative pronoun."""
    if token.text.lower() in _RELATIVE and token.pos_ in ("PRON", "DET", "SCONJ", "ADV"):
        clause = verb
        while clause.dep_ in ("conj", "xcomp", "auxpass", "aux") and clause.head is not clause:
            clause = clause.head
        if clause.dep_ == "relcl":
            return clause.head
    return token


def direct_object(verb: Token) -> Token | None:
    """What it is done to, in an active clause; the head noun for a relative clause whose object is a gap."""
    for child in verb.children:
        if child.dep_ in OBJECTS:
            return _antecedent(child, verb)
    if verb.dep_ == "relcl" and not is_passive(verb):
        for child in verb.children:  # "the town that IS captured", "P, which X took"
            if child.dep_ in SUBJECTS and child.text.lower() not in _RELATIVE:
                return verb.head
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not is_passive(verb):
        # "entered and secured the town" has its object on the last verb; "seized and held X" on the first
        return None
    return None


def shared_object(verb: Token) -> Token | None:
    """The object of a coordinated verb: "entered and secured the town"."""
    for child in verb.children:
        if child.dep_ == "conj" and child.pos_ == "VERB" and not subject_of_its_own(child):
            found = direct_object(child)
            if found is not None:
                return found
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        return direct_object(verb.head)
    return None


def subject_of_its_own(verb: Token) -> bool:
    """Whether the verb has a subject in its own clause."""
    return any(c.dep_ in SUBJECTS or c.dep_ in PASSIVE_SUBJECTS for c in verb.children)


def agent(verb: Token) -> Token | None:
    """The "by X" of a passive."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.text.lower() == "by"):
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return grandchild
    if verb.dep_ in ("conj",) and verb.tag_ == "VBN":
        return agent(verb.head)
    return None


def prepositional(token: Token, *words: str) -> list[tuple[Token, Token]]:
    """(preposition, object) pairs that hang on the token; all of them where no words are given.

    "out of P" gives ("out", P), "south of P" gives ("south", P), "near to P" ("near", P).
    """
    found: list[tuple[Token, Token]] = []
    for child in token.children:
        if child.dep_ in ("prep", "agent", "advmod", "prt", "dative", "amod") and (
            not words or child.text.lower() in words
        ):
            for inner in child.children:
                if inner.dep_ == "pobj":
                    found.append((child, inner))
                elif inner.dep_ == "prep" or (inner.dep_ == "pcomp" and inner.pos_ == "ADP"):
                    found.extend((child, deepest) for deepest in inner.children if deepest.dep_ == "pobj")
    return found


def main_verb(token: Token) -> Token | None:
    """The verb of the clause in which the token stands; the token itself if it is one."""
    current = token
    while current.pos_ not in ("VERB", "AUX"):
        if current.head is current:
            return None
        current = current.head
    return current


def noun_phrase(token: Token) -> tuple[Token, Token]:
    """First and last token of the name that the token heads: its left modifiers and itself, no article."""
    first = token
    for left in reversed(list(token.lefts)):
        if left.dep_ in ("compound", "amod", "nmod", "nummod", "poss", "punct", "quantmod", "npadvmod", "case") and (
            left.dep_ != "poss" or left.pos_ != "PRON"
        ):
            if left.dep_ == "punct" and left.text not in ("-", "'", "’"):
                break
            first = left.left_edge
        elif left.dep_ in ("det", "predet"):
            break
        else:
            break
    while first.i < token.i and (first.pos_ in ("DET", "PUNCT", "PRON")):
        first = first.nbor(1)
    return first, token
