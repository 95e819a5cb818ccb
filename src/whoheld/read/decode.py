"""Bytes to text: byte-order marks, UTF-8, and older encodings; and what is no text at all."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from typing import IO

from charset_normalizer import from_bytes

from whoheld.errors import UnreadableReport

# Longest mark first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "a ZIP archive or an office document", "Unpack it, or save it as plain text"),
    (b"%PDF-", "a PDF", "Take the text out of it first, for example with pdftotext"),
    (b"\x1f\x8b", "gzip data", "Unpack it first"),
    (b"BZh", "bzip2 data", "Unpack it first"),
    (b"\xfd7zXZ\x00", "xz data", "Unpack it first"),
    (b"(\xb5/\xfd", "Zstandard data", "Unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it first"),
    (b"Rar!", "a RAR archive", "Unpack it first"),
    (b"\x89PNG", "a PNG image", "Leave it out"),
    (b"\xff\xd8\xff", "a JPEG image", "Leave it out"),
    (b"GIF8", "a GIF image", "Leave it out"),
    (b"SQLite format 3\x00", "an SQLite database", "Leave it out"),
    (b"\xd0\xcf\x11\xe0", "an old office document", "Save it as plain text"),
    (b"\x7fELF", "a program", "Leave it out"),
)
# The encodings in which newsrooms of these wars have written; fewer choices make better guesses on short texts.
_LEGACY = (
    "cp1252", "cp1251", "cp1256", "cp1254", "cp1250", "cp1253", "cp1255",
    "koi8_r", "gb18030", "big5", "shift_jis", "euc_kr",
)  # fmt: skip
_SAMPLE = 1 << 16
_BROKEN = "\ufffd"


def refuse_binary(data: bytes, name: str) -> None:
    """Raise UnreadableReport where `data`, the beginning of a file, is something other than text."""
    for magic, what, remedy in _MAGIC:
        if data.startswith(magic):
            raise UnreadableReport(name, f"this is {what}, not text", remedy)
    if find_mark(data) is None and b"\x00" in data[:_SAMPLE]:
        raise UnreadableReport(name, "this is binary data, not text", "Leave it out, or save it as text in UTF-8")


def find_mark(data: bytes) -> str | None:
    """The encoding that a byte-order mark at the beginning of `data` announces."""
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def decode(data: bytes, name: str, *, declared: str = "") -> tuple[str, str]:
    """The text of `data`, without its byte-order mark, and a warning or "".

    Tried in order: the mark, the encoding that the document declares, UTF-8, UTF-8 with a few broken bytes (replaced,
    with a warning), the likeliest older encoding (with a warning). Raises UnreadableReport where nothing fits.
    """
    refuse_binary(data, name)
    marked = find_mark(data)
    if marked:
        try:
            return data.decode(marked), ""
        except UnicodeDecodeError as wrong:
            raise UnreadableReport(
                name, f"its byte-order mark says {marked}, but byte {wrong.start:,} does not fit", "Save it as UTF-8"
            ) from None
    for encoding in (declared, "utf-8"):
        try:
            if encoding:
                return data.decode(encoding), ""
        except (UnicodeDecodeError, LookupError):
            continue
    return _decode_legacy(data, name)


def _decode_legacy(data: bytes, name: str) -> tuple[str, str]:
    text = data.decode("utf-8", "replace")
    if _is_nearly_utf8(text):
        return text, f"{text.count(_BROKEN):,} places are not valid UTF-8; they are shown as {_BROKEN}."
    encoding = guess_encoding(data)
    if encoding:
        try:
            return data.decode(encoding), f"It is not UTF-8; it was read as {encoding}."
        except UnicodeDecodeError:
            pass
    raise UnreadableReport(name, "its bytes are no UTF-8, nor any other encoding that fits", "Save it as UTF-8")


def _is_nearly_utf8(text: str) -> bool:
    """Whether at most a quarter of what is not ASCII is broken: in another encoding nearly all of it would be."""
    return text.count(_BROKEN) * 4 <= sum(character > "\x7f" for character in text)


def sample_encoding(stream: IO[bytes]) -> str:
    """The encoding of a stream from `as_utf8` by what comes next in it: "utf-8" or an older one."""
    peek = getattr(stream, "peek", None)
    sample = peek(_SAMPLE) if peek else b""
    sample = sample[: sample.rfind(b"\n") + 1] or sample  # not to cut a letter in two
    if _is_nearly_utf8(sample.decode("utf-8", "replace")):
        return "utf-8"
    return guess_encoding(sample) or "utf-8"


def guess_encoding(data: bytes) -> str:
    """The likeliest older encoding of `data`, or ""."""
    sample = data[:_SAMPLE]
    # A guess needs letters: in a text that is ASCII but for a few quotation marks and accents it is a throw of dice.
    if sum(byte > 0x7F for byte in sample) * 10 <= len(sample):
        try:
            sample.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            return "cp1252"
    best = from_bytes(sample, cp_isolation=list(_LEGACY), enable_fallback=False).best()
    return best.encoding if best else ""


class Utf8Stream(io.RawIOBase):
    """A stream in UTF-16 or UTF-32, read as UTF-8.

    What does not fit becomes bytes that are no UTF-8, so that whoever reads the line names it.
    """

    def __init__(self, stream: IO[bytes], encoding: str) -> None:
        self._stream, self._decoder = stream, codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._ready, self._ended = b"", False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        while not self._ready and not self._ended:
            chunk = self._stream.read(1 << 16)
            self._ended = not chunk
            try:
                self._ready = self._decoder.decode(chunk, self._ended).encode("utf-8", "surrogatepass")
            except UnicodeDecodeError:
                self._ready, self._ended = b"\xff", True
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size


def as_utf8(stream: IO[bytes], name: str) -> IO[bytes]:
    """The stream without its byte-order mark, turned into UTF-8 where the mark says UTF-16 or UTF-32.

    Raises UnreadableReport where it is binary.
    """
    buffered = io.BufferedReader(Rest(stream.read(_SAMPLE), stream), _SAMPLE * 2)
    start = buffered.peek(_SAMPLE)
    refuse_binary(start, name)
    marked = find_mark(start)
    if marked == "utf-8-sig":
        buffered.read(len(codecs.BOM_UTF8))
    elif marked:
        return io.BufferedReader(Utf8Stream(buffered, marked), _SAMPLE)
    return buffered


class Rest(io.RawIOBase):
    """A stream whose beginning has been read already: `start`, and then the rest of `stream`."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._start, self._stream = start, stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed wants any buffer
        data = self._start[: len(buffer)] if self._start else self._stream.read(len(buffer))
        self._start = self._start[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def read_lines(stream: IO[bytes], limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a stream with their numbers, from 1, each with its line end.

    A line of more than `limit` bytes is passed over without being held, and comes as None.
    """
    number = 0
    while line := stream.readline(limit + 1):
        number += 1
        if len(line) <= limit or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(1 << 20)
        yield number, None


_SURROGATE = re.compile("[\ud800-\udfff]")


def has_surrogates(text: str) -> bool:
    """Whether `text` has half of a surrogate pair in it, which no file can hold."""
    return _SURROGATE.search(text) is not None
