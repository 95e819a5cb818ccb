"""Where an event was that a report places only beside a town: "20 km south of Raqqa", "the road between A and B".

Such a claim says nothing of the town itself: taken at its word it would colour Raqqa, or both ends of a road, for a
fight in the fields. It gets an area instead: a point with a radius and UCDP's where_prec, which is the middle of a
stretch and no pin. A village that no gazetteer has gets one, too, where the report says how far from a town it lies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from whoheld.distance import kilometres, middle, moved
from whoheld.resolve.names import fold
from whoheld.vocabulary import Claim, Extent, Kind, Mention, Place, ResolvedPlace

_UNITS = {"k": 1.0, "m": 1.609}  # kilometres, miles: by their first letter
_BEARINGS = {"north": 0, "northeast": 45, "east": 90, "southeast": 135, "south": 180, "southwest": 225, "west": 270,
             "northwest": 315}  # fmt: skip
_SHORT = {"north": "N", "northeast": "NE", "east": "E", "southeast": "SE", "south": "S", "southwest": "SW", "west": "W",
          "northwest": "NW"}  # fmt: skip
_BEARING = r"(?P<bearing>(?:north|south)?[ -]?(?:east|west)|north|south)(?:ern|wards?)?"
_NOUN = (
    r"(?:the )?(?:[a-z-]+ )?(?:(?:city|town|village|port|capital|district|centre|center|suburb)s?(?: of)? )?(?:the )?"
)
_DISTANCE = (
    r"(?P<number>\d+(?:[.,]\d+)?)(?: ?(?:-|to|–) ?(?P<more>\d+))? ?(?P<unit>k(?:ilo)?m(?:et(?:er|re)s?)?|miles?)\b"
    r"(?: ?\([^)]{1,20}\))?"
)
# "12 km south of", "20 kilometres from", "3 miles outside"; and without a number "south of". It must end at the name.
_FAR = re.compile(
    rf"(?i){_DISTANCE} (?:(?:away|further|to the|due|just) )*(?:{_BEARING} )?(?:of|from|outside) {_NOUN}$"
)
_TOWARDS = re.compile(rf"(?i)(?:to the )?{_BEARING} of {_NOUN}$")
# "Z, 12 km south of A", "Z (12 km from A)", "Z, which lies some 12 km south of A": what follows an unknown name.
_LIES = re.compile(
    r"(?i)(?: village| town)?[,;]? ?\(?(?:(?:a|the) (?:[a-z-]+ ){0,3}|which |that |it |and |the town |the village )?"
    rf"(?:(?:is|lies|lying|located|situated|about|around|some|roughly|just|only|nearly|almost) )*{_DISTANCE} "
    rf"(?:(?:away|to the|due) )*(?:{_BEARING} )?(?:of|from|outside) {_NOUN}$"
)
# "the road linking A and B", "between A and B", "the A-B highway"
_ROAD = r"(?:road|highway|motorway|route|line|corridor|railway|track|pipeline)s?"
_LINK_BEFORE = re.compile(
    rf"(?i)(?:\bbetween|{_ROAD} (?:that |which )?(?:link(?:s|ing)?|connect(?:s|ing)?|joins?|joining|from)) "
    rf"(?:both )?{_NOUN}$"
)
_LINK_WITHIN = re.compile(rf"(?i)^ (?:and|to|with|-) {_NOUN}$")
_HYPHEN = re.compile(r"^ ?[-–—] ?$")
_ROAD_AFTER = re.compile(rf"(?i)^(?: (?:international|main|desert|coastal|strategic|supply))? {_ROAD}\b")
_HELD = re.compile(r"(?i)(?:held|controlled|occupied|ruled|dominated|besieged|run) $")
_EVENTS = frozenset({Kind.CAPTURE, Kind.LOSS, Kind.CLASH, Kind.STRIKE})
_REACH = 90
_NEAR_KM = 10.0  # how far "south of" a town is, where no number says it
_LONGEST = 150.0  # kilometres: what lies further apart is no place


@dataclass(frozen=True, slots=True)
class Names:
    """The places that one report names, with the text that they stand in, for looking at what stands beside one."""

    text: str
    places: Mapping[Mention, ResolvedPlace]

    def before(self, mention: Mention) -> str:
        return self.text[max(0, mention.start - _REACH) : mention.start].replace("\n", " ")

    def next(self, mention: Mention) -> ResolvedPlace | None:
        """The place that is named next, within some ninety letters."""
        following = (other for other in self.places if mention.end <= other.start <= mention.end + _REACH)
        nearest = min(following, key=lambda other: other.start, default=None)
        return self.places[nearest] if nearest is not None else None

    def last(self, mention: Mention) -> ResolvedPlace | None:
        """The place that is named last before this one, within some ninety letters."""
        earlier = (other for other in self.places if mention.start - _REACH <= other.end <= mention.start)
        nearest = max(earlier, key=lambda other: other.start, default=None)
        return self.places[nearest] if nearest is not None else None


def place_of(claim: Claim, names: Names) -> ResolvedPlace:
    """Where the event of a claim was: its place as it was resolved, or an area beside it where the words say so.

    A claim of the place itself is left alone: "20 km from IS-held Dabiq" says who holds Dabiq.
    """
    mention = claim.place.mention
    here = names.places[mention]
    if _HELD.search(names.before(mention)):
        return here
    if here.place is None:
        return _unknown_village(mention, names) or here
    if here.place.feature != "populated":
        return here
    return _between(mention, here.place, names) or _beside(claim, mention, here.place, names) or here


def _between(mention: Mention, place: Place, names: Names) -> ResolvedPlace | None:
    """The stretch between two towns, where a claim names one of them only as an end of it."""
    text = names.text
    for first, second in ((names.last(mention), names.places[mention]), (names.places[mention], names.next(mention))):
        if first is None or second is None:
            continue
        gap = text[first.mention.end : second.mention.start].replace("\n", " ")
        linked = _LINK_BEFORE.search(names.before(first.mention)) and _LINK_WITHIN.match(gap)
        road = _HYPHEN.match(gap) and _ROAD_AFTER.match(text[second.mention.end : second.mention.end + 30])
        if not (linked or road):
            continue
        if first.place is None or second.place is None:
            return ResolvedPlace(mention)
        apart = kilometres(first.place, second.place)
        if not 0 < apart <= _LONGEST:
            return ResolvedPlace(mention)  # a road across the country is no place
        lat, lon = middle(first.place, second.place)
        key = f"area:{first.place.id}+{second.place.id}"
        return _area(mention, place, key, f"between {first.place.name} and {second.place.name}", lat, lon, apart / 2)
    return None


def _beside(claim: Claim, mention: Mention, place: Place, names: Names) -> ResolvedPlace | None:
    """So many kilometres from a town, or to one side of it."""
    before = names.before(mention)
    far = _FAR.search(before)
    if far and (claim.place.extent is Extent.NEAR or claim.kind in _EVENTS):
        return _offset(mention, place, far)
    towards = _TOWARDS.search(before)
    if towards and claim.place.extent is Extent.NEAR:
        return _offset(mention, place, towards)
    return None


def _unknown_village(mention: Mention, names: Names) -> ResolvedPlace | None:
    """A place that no gazetteer has, where the report says how far from a known town it lies."""
    town = names.next(mention)
    if town is None or town.place is None or town.place.feature != "populated":
        return None
    lies = _LIES.fullmatch(names.text[mention.end : town.mention.start].replace("\n", " "))
    return _offset(mention, town.place, lies, name=mention.text) if lies else None


def _offset(mention: Mention, place: Place, match: re.Match[str], *, name: str = "") -> ResolvedPlace | None:
    """An area so far from a town in a direction; without a direction a ring is a disc round the town."""
    if place.lat is None or place.lon is None:
        return None
    found = match.groupdict()
    number, more, unit = found.get("number"), found.get("more"), (found.get("unit") or "k")[0].lower()
    km = _NEAR_KM if number is None else _mean(number, more) * _UNITS[unit]
    if not 0 < km <= _LONGEST:
        return None
    bearing = re.sub(r"[ -]", "", (found.get("bearing") or "").lower())
    lat, lon = moved(place.lat, place.lon, km, _BEARINGS[bearing]) if bearing else (place.lat, place.lon)
    # "South-west" is an eighth of a turn wide: 0.41 of the distance to each side.
    radius = max(2.0, 0.4 * km if number and bearing else km)
    words = f"{f'{km:.0f} km ' if number else ''}{_SHORT[bearing] + ' of' if bearing else 'from'} {place.name}"
    key = f"area:{place.id}/{km:.0f}km{_SHORT.get(bearing, '')}" + (f"/{'-'.join(fold(name).split())}" if name else "")
    return _area(mention, place, key, f"{name} ({words})" if name else words, lat, lon, radius)


def _mean(number: str, more: str | None) -> float:
    first = float(number.replace(",", "."))
    return (first + float(more)) / 2 if more else first


def _area(mention: Mention, near: Place, key: str, name: str, lat: float, lon: float, radius: float) -> ResolvedPlace:
    point = round(lat, 4), round(lon, 4)
    area = Place(key, name, "area", *point, near.admin1, near.country, radius=round(radius, 1))
    return ResolvedPlace(mention, area, 2 if radius <= 25 else 3)
