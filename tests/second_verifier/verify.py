#!/usr/bin/env python3
"""A second verifier of sites built by jiedu, written from src/evidence/FORMAT.md.

Standard library and `ssh-keygen` only. It shares no code with jiedu: it reads
the SSHSIG form itself, derives every digest again, and asks `ssh-keygen` for
the arithmetic of one signature at a time. Signatures other than SSH are not
judged, and it says so.

    python3 verify.py SITE --trust trust.toml [--json]

Exit codes: 0 the site holds, 3 it does not, 2 it cannot be judged.
"""

import argparse
import base64
import datetime
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import tomllib

DOCUMENTS = ".well-known/jiedu/"
EVIDENCE = DOCUMENTS + "evidence/"
MANIFEST = DOCUMENTS + "manifest.json"
RELEASE = DOCUMENTS + "release.json"
SIGNATURE = DOCUMENTS + "release.sshsig"
EMPTY_TREES = (
    "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
)
TRAILERS = [
    "Approval-" + name
    for name in "Statement Site Set Revision Step Decision Digest Roster Previous Signer".split()
]
COMPANIONS = ("Signed-off-by", "Change-Id")
POLICY_STEPS = (
    "submit secrecy-review first-review second-review final-review first-proof second-proof third-proof".split()
)
LEVELS = [
    ["first-review", "first-proof"],
    ["second-review", "second-proof"],
    ["final-review", "third-proof"],
]
IMPORTANT = ["extra-review", "extra-review", "gatekeeper"]
# Encodings of points of small order on edwards25519, canonical or not, without
# the sign bit: for such a key one constant signature fits every message.
SMALL_ORDER = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}
SET_ID = re.compile(r"[0-9]{4}/[a-z0-9][a-z0-9-]{0,62}\Z")
PERSON_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}\Z")
STEP = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
NUMBER = re.compile(r"[1-9][0-9]{0,8}\Z")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}\Z")
DAY = 24 * 60 * 60


class Fault(Exception):
    """A reason code, with the path it belongs to where that is known."""

    def __init__(self, code, path=""):
        super().__init__(code)
        self.code, self.path = code, path


class NotJudged(Exception):
    """Something that only jiedu judges: a signature that is not SSH."""


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def digest(data):
    return "sha256:" + sha256(data)


# --- Strict JSON -----------------------------------------------------------


def once(pairs):
    out = {}
    for key, value in pairs:
        if key in out:
            raise ValueError(f"the key {key} stands twice")
        out[key] = value
    return out


def no_float(text):
    raise ValueError(f"{text} is no whole number")


def read_json(data):
    text = data.decode("utf-8")
    if text.startswith("\ufeff"):
        raise ValueError("a byte-order mark")
    return json.loads(text, object_pairs_hook=once, parse_float=no_float, parse_constant=no_float)


def shape(value, wanted, optional=()):
    """The fields of an object, which has these and no others."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    if not set(wanted) <= set(value) <= set(wanted) | set(optional):
        raise ValueError("unknown or missing keys")
    return value


def text_of(value, pattern=None):
    if not isinstance(value, str) or pattern is not None and not pattern.match(value):
        raise ValueError(f"{value!r} is not what belongs there")
    return value


def number_of(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no whole number")
    return value


def bool_of(value):
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def list_of(value):
    if not isinstance(value, list):
        raise ValueError("not a list")
    return value


# --- SSH signatures (PROTOCOL.sshsig) ---------------------------------------


class Wire:
    def __init__(self, data, code="SIG_MALFORMED"):
        self.data, self.at, self.code = data, 0, code

    def take(self, count):
        if self.at + count > len(self.data):
            raise Fault(self.code)
        self.at += count
        return self.data[self.at - count : self.at]

    def string(self):
        return self.take(int.from_bytes(self.take(4), "big"))

    def end(self):
        if self.at != len(self.data):
            raise Fault(self.code)


def strict_base64(text, code="SIG_MALFORMED"):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Fault(code) from error
    if base64.b64encode(data).decode() != text:
        raise Fault(code)
    return data


class Key:
    """A public key in SSH wire form."""

    def __init__(self, blob):
        wire = Wire(blob)
        self.blob = blob
        self.kind = wire.string().decode("ascii", "replace")
        self.hardware = self.kind.startswith("sk-")
        self.rsa_bits = None
        if self.kind in ("ssh-ed25519", "sk-ssh-ed25519@openssh.com"):
            point = wire.string()
            if len(point) != 32:
                raise Fault("SIG_MALFORMED")
            self.material = ("ed25519", point)
        elif self.kind in (
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            "sk-ecdsa-sha2-nistp256@openssh.com",
        ):
            curve, point = wire.string(), wire.string()
            if curve.decode("ascii", "replace") not in self.kind or point[:1] != b"\x04":
                raise Fault("SIG_MALFORMED")
            self.material = ("ecdsa", curve, point)
        elif self.kind == "ssh-rsa":
            exponent, modulus = wire.string(), wire.string()
            self.material = ("rsa", modulus.lstrip(b"\0"), exponent.lstrip(b"\0"))
            self.rsa_bits = int.from_bytes(modulus, "big").bit_length()
            self.modulus_length = len(modulus.lstrip(b"\0"))
        else:
            raise Fault("SIG_ALGORITHM")
        if self.hardware:
            wire.string()
        wire.end()
        self.fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")

    def check_strength(self, allow_2048):
        if self.rsa_bits is not None and self.rsa_bits < (2048 if allow_2048 else 3072):
            raise Fault("KEY_WEAK")
        if self.material[0] == "ed25519" and is_small(self.material[1]):
            raise Fault("KEY_WEAK")

    def line(self):
        return f"{self.kind} {base64.b64encode(self.blob).decode()}"


def is_small(point):
    plain = point[:31] + bytes([point[31] & 0x7F])
    return plain.hex() in SMALL_ORDER


class SshSignature:
    """An SSHSIG, read by hand before anything else sees it."""

    def __init__(self, armour, namespace):
        begin, end = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
        first = armour.split("\n", 1)[0]
        if first.startswith(("-----BEGIN PGP SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----")):
            raise NotJudged("a signature that is not SSH")
        if len(armour) > 16 * 1024 or not armour.isascii() or "\r" in armour:
            raise Fault("SIG_MALFORMED")
        text = armour[:-1] if armour.endswith("\n") else armour
        if text.count("-----BEGIN") > 1:
            raise Fault("SIG_MULTIPLE")
        lines = text.split("\n")
        if len(lines) < 3 or lines[0] != begin or lines[-1] != end:
            raise Fault("SIG_MALFORMED")
        body = lines[1:-1]
        width = len(body[0])
        if not width or not 0 < len(body[-1]) <= width or any(len(line) != width for line in body[:-1]):
            raise Fault("SIG_MALFORMED")
        wire = Wire(strict_base64("".join(body)))
        if wire.take(6) != b"SSHSIG" or wire.take(4) != b"\0\0\0\1":
            raise Fault("SIG_MALFORMED")
        key, named, reserved, hash_name, inner = (wire.string() for _ in range(5))
        wire.end()
        if hash_name not in (b"sha256", b"sha512") or reserved:
            raise Fault("SIG_MALFORMED")
        self.key = Key(key)
        self.inner(inner)
        if self.key.rsa_bits is not None:
            self.key.check_strength(True)
        if named != namespace.encode():
            raise Fault("SIG_NAMESPACE")
        self.armour, self.namespace = armour, namespace

    def inner(self, data):
        wire = Wire(data)
        name = wire.string().decode("ascii", "replace")
        if name in ("ssh-rsa", "ssh-dss") or name.startswith("webauthn-"):
            raise Fault("SIG_ALGORITHM")
        raw = wire.string()
        self.flags, self.raw = None, raw
        kind = self.key.kind
        if kind == "ssh-rsa":
            fits = name in ("rsa-sha2-256", "rsa-sha2-512") and len(raw) == self.key.modulus_length
        else:
            fits = name == kind
            if fits and self.key.hardware:
                self.flags = wire.take(5)[0]
        wire.end()
        if not fits:
            raise Fault("SIG_MALFORMED")

    def verify(self, data, key, require_pin):
        if key.blob != self.key.blob:
            raise Fault("KEY_UNKNOWN")
        if self.flags is not None:
            wanted = 0b101 if require_pin else 0b001
            if self.flags & wanted != wanted:
                raise Fault("SK_NO_TOUCH")
        if self.key.material[0] == "ed25519" and (len(self.raw) != 64 or is_small(self.raw[:32])):
            raise Fault("SIG_BAD")
        with tempfile.TemporaryDirectory() as folder:
            allowed, signature = os.path.join(folder, "allowed"), os.path.join(folder, "sig")
            with open(allowed, "w", encoding="ascii") as out:
                out.write(f'signer namespaces="{self.namespace}" {key.line()}\n')
            with open(signature, "w", encoding="ascii", newline="\n") as out:
                out.write(self.armour if self.armour.endswith("\n") else self.armour + "\n")
            command = ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "signer"]
            command += ["-n", self.namespace, "-s", signature]
            done = subprocess.run(command, input=data, capture_output=True, check=False)
        if done.returncode != 0:
            raise Fault("SIG_BAD")


# --- Statements -------------------------------------------------------------


def split_commit(data):
    at = data.find(b"\n\n")
    if data.startswith(b"\n"):
        return b"", data[1:]
    return (data, b"") if at < 0 else (data[: at + 1], data[at + 2 :])


def lines_with_end(data):
    return [line for line in re.split(rb"(?<=\n)", data) if line]


def payload(data):
    header, message = split_commit(data)
    out, dropping = b"", False
    for line in lines_with_end(header):
        dropping = line.startswith((b"gpgsig ", b"gpgsig-sha256 ")) or dropping and line.startswith(b" ")
        if not dropping:
            out += line
    return out + data[len(header) : len(data) - len(message)] + message


def last_paragraph(message):
    text = message.rstrip(b"\n")
    at = text.rfind(b"\n\n")
    return text[at + 2 :] if at >= 0 else text.lstrip(b"\n")


def ident_time(line):
    found = re.search(rb"> ([0-9]{1,12}) [+-][0-9]{4}\Z", line)
    if not found or found.start() != line.rfind(b">"):
        raise Fault("HEADER_UNKNOWN")
    return int(found.group(1))


class Statement:
    """One `.commit` file, parsed as strictly as the format says."""

    def __init__(self, data):
        if len(data) > 64 * 1024:
            raise Fault("STATEMENT_TOO_LARGE")
        if b"\0" in data:
            raise Fault("COMMIT_NUL")
        header, message = split_commit(data)
        lines = lines_with_end(header)

        def take(keyword):
            if lines and lines[0].startswith(keyword) and lines[0].endswith(b"\n"):
                return lines.pop(0)[len(keyword) : -1]
            return None

        def identifier(value):
            if value is None or not re.fullmatch(rb"[0-9a-f]{40}|[0-9a-f]{64}", value):
                raise Fault("HEADER_UNKNOWN")
            return value.decode()

        self.tree = identifier(take(b"tree "))
        self.parents = []
        while (value := take(b"parent ")) is not None:
            self.parents.append(identifier(value))
            if len(self.parents[-1]) != len(self.tree):
                raise Fault("HEADER_UNKNOWN")
        author, committer = take(b"author "), take(b"committer ")
        if author is None or committer is None:
            raise Fault("HEADER_UNKNOWN")
        self.claimed_at = ident_time(committer)
        ident_time(author)
        self.one_ident = author == committer
        keyword = b"gpgsig " if len(self.tree) == 40 else b"gpgsig-sha256 "
        encoded, armours = False, []
        while lines:
            if (value := take(keyword)) is not None:
                parts = [value]
                while (more := take(b" ")) is not None:
                    parts.append(more)
                armours.append(b"\n".join(parts))
            elif not encoded and take(b"encoding ") is not None:
                encoded = True
            else:
                raise Fault("HEADER_UNKNOWN")
        if encoded:
            raise Fault("ENCODING_HEADER")
        try:
            text = message.decode("utf-8")
        except UnicodeDecodeError as error:
            raise Fault("MESSAGE_ENCODING") from error
        if not armours:
            raise Fault("UNSIGNED")
        if len(armours) > 1:
            raise Fault("SIG_MULTIPLE")
        try:
            armour = armours[0].decode("utf-8")
        except UnicodeDecodeError as error:
            raise Fault("SIG_MALFORMED") from error
        self.signature = SshSignature(armour, "git")
        self.read_message(text)

    def read_message(self, message):
        def malformed():
            return Fault("TRAILER_MALFORMED")

        if not message.endswith("\n"):
            raise malformed()
        body = message[:-1]
        paragraph = last_paragraph(body.encode()).decode()
        before = body[: len(body) - len(paragraph)]
        control = any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in paragraph)
        if (
            not body.endswith(paragraph)
            or not before.strip("\n")
            or not before.endswith("\n\n")
            or "\r" in message
            or control
        ):
            raise malformed()
        rows = paragraph.split("\n")
        if len(rows) > 32:
            raise malformed()
        trailers = []
        known = TRAILERS + ["Approval-Authors", "Approval-Report", *COMPANIONS]
        for row in rows:
            key, colon, value = row.partition(": ")
            if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key):
                raise malformed()
            if any(key != name and key.lower() == name.lower() for name in known):
                raise malformed()
            if not 1 <= len(value.encode()) <= 200 or value != value.strip(" ") or "  " in value:
                raise malformed()
            if key not in COMPANIONS and not all(" " <= c <= "~" for c in value):
                raise malformed()
            trailers.append((key, value))
        kind = trailers[0][1]
        expected = TRAILERS + {"submit/1": ["Approval-Authors"], "review/2": ["Approval-Report"]}.get(kind, [])
        own = max((at + 1 for at, (key, _) in enumerate(trailers) if key in expected), default=0)
        approvals, companions = trailers[:own], trailers[own:]
        if any(key not in expected for key, _ in approvals) or any(k not in COMPANIONS for k, _ in companions):
            raise Fault("TRAILER_UNKNOWN")
        keys = [key for key, _ in approvals]
        if len(set(keys)) != len(keys):
            raise Fault("TRAILER_DUPLICATE")
        if keys != expected:
            raise malformed()
        self.values([value for _, value in approvals])

    def values(self, values):
        def need(condition):
            if not condition:
                raise Fault("TRAILER_MALFORMED")

        kind, self.site, self.subject, revision, self.step, self.decision, self.digest, roster, previous, signer = (
            values[:10]
        )
        version, _, roster_digest = roster.partition(" ")
        need(kind in ("submit/1", "review/1", "review/2", "withdraw/1", "roster/1"))
        self.kind = kind.split("/")[0]
        need(all(DIGEST.match(value) for value in (self.site, self.digest, roster_digest)))
        is_roster = self.subject.startswith("roster/") and bool(NUMBER.match(self.subject[7:]))
        is_set = bool(SET_ID.match(self.subject))
        need(self.subject == "site" or is_roster or is_set)
        need(NUMBER.match(revision) and NUMBER.match(version) and STEP.match(self.step))
        need(self.decision in ("approve", "reject", "retract"))
        need(previous == "none" or DIGEST.match(previous))
        need(PERSON_ID.match(signer))
        self.revision, self.signer = int(revision), signer
        self.roster = (int(version), roster_digest)
        self.previous = None if previous == "none" else previous
        self.authors = []
        if kind == "submit/1":
            self.authors = values[10].split(", ")
            need(all(PERSON_ID.match(id) for id in self.authors) and len(set(self.authors)) == len(self.authors))
        if kind == "review/2":
            need(DIGEST.match(values[10]) and self.step in ("first-proof", "second-proof", "third-proof"))
        if self.kind == "submit":
            need(self.step == "submit" and self.decision != "reject" and not is_roster)
        elif self.kind == "review":
            need(self.step not in ("submit", "withdraw", "roster") and not is_roster)
        elif self.kind == "withdraw":
            need(self.step == "withdraw" and self.decision == "approve" and is_set)
        else:
            need(self.step == "roster" and self.decision == "approve" and self.previous is None and is_roster)


# --- Rosters ----------------------------------------------------------------


def day(value):
    if isinstance(value, datetime.datetime) or not isinstance(value, (datetime.date, str)):
        raise ValueError("not a date")
    if isinstance(value, str):
        if len(value) != 10:
            raise ValueError("not a date")
        value = datetime.date.fromisoformat(value)
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return int(datetime.datetime(value.year, value.month, value.day, tzinfo=zone).timestamp())


class Window:
    def __init__(self, entry):
        self.start = day(entry["from"]) if "from" in entry else None
        self.end = day(entry["until"]) + DAY if "until" in entry else None

    def begun(self, at):
        return self.start is None or at >= self.start

    def over(self, at):
        return self.end is not None and at >= self.end

    def contains(self, at):
        return self.begun(at) and not self.over(at)


class Profile:
    def __init__(self, name, steps, groups=(), author_may=(), important=()):
        self.name, self.steps, self.important = name, list(steps), list(important)
        self.groups = [frozenset(group) for group in groups]
        self.author_may = frozenset(author_may)

    def sequence(self, important):
        if not important or not self.important:
            return list(self.steps)
        at = self.steps.index("final-review") + 1
        return self.steps[:at] + self.important + self.steps[at:]

    def may_combine(self, one, other):
        return one != other and any(one in group and other in group for group in self.groups)

    def same(self, other):
        return vars(self) == vars(other)


def built_in():
    return {
        "strict": Profile("strict", POLICY_STEPS, important=IMPORTANT),
        "three-level": Profile("three-level", POLICY_STEPS, LEVELS, (), IMPORTANT),
        "three-level-drafter": Profile("three-level-drafter", POLICY_STEPS, LEVELS, LEVELS[0], IMPORTANT),
        "site": Profile("site", ["submit", "secrecy-review", "final-review"]),
    }


class Roster:
    def __init__(self, version, data):
        try:
            self.read(version, data)
        except Fault as fault:
            raise Fault(fault.code if fault.code != "SIG_MALFORMED" else "ROSTER_SCHEMA") from fault
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Fault("ROSTER_SCHEMA") from error

    def read(self, version, data):
        if len(data) > 4 << 20:
            raise Fault("ROSTER_SCHEMA")
        raw = tomllib.loads(data.decode("utf-8"))
        lists = ("substitute", "revocation", "publisher", "profile")
        shape(raw, ("version", "previous", "root", "person", "key"), ("default_profile", "accepted", *lists))
        if number_of(raw["version"]) != version:
            raise Fault("ROSTER_SEQUENCE")
        self.version, self.digest = version, digest(data)
        self.previous = text_of(raw["previous"])
        if (version == 1) != (self.previous == "none") or version > 1 and not DIGEST.match(self.previous):
            raise ValueError("previous")
        self.accepted = text_of(raw["accepted"], DIGEST) if "accepted" in raw else None
        self.read_profiles(raw.get("profile", []))
        self.default_profile = text_of(raw.get("default_profile", "strict"))
        if self.default_profile not in self.profiles:
            raise ValueError("default_profile")
        steps = {step for profile in self.profiles.values() for step in profile.sequence(True)} | {"withdraw"}
        self.read_people(list_of(raw["person"]), steps)
        self.read_keys(list_of(raw["key"]))
        self.substitutes = []
        for entry in list_of(raw.get("substitute", [])):
            shape(entry, ("for", "by", "steps", "from", "until"))
            window = Window(entry)
            good = entry["for"] in self.people and entry["by"] in self.people and entry["for"] != entry["by"]
            if not good or not entry["steps"] or not set(entry["steps"]) <= steps or window.end <= window.start:
                raise ValueError("substitute")
            self.substitutes.append((entry["for"], entry["by"], set(entry["steps"]), window))
        self.revocations = []
        for entry in list_of(raw.get("revocation", [])):
            shape(entry, ("key", "reason", "date"))
            is_hex = re.fullmatch(r"[0-9A-Fa-f]{40,}", entry["key"])
            if entry["reason"] not in ("compromised", "retired") or not (is_hex or entry["key"].startswith("SHA256:")):
                raise ValueError("revocation")
            self.revocations.append((entry["key"].lower() if is_hex else entry["key"], entry["reason"], day(entry["date"])))
        self.publishers = []
        for entry in list_of(raw.get("publisher", [])):
            shape(entry, ("person",), ("from", "until"))
            self.publishers.append((self.known(entry["person"]), Window(entry)))
        root = shape(raw["root"], ("members", "threshold"))
        self.roots = [self.known(id) for id in list_of(root["members"])]
        self.threshold = number_of(root["threshold"])
        if len(set(self.roots)) != len(self.roots) or not 1 <= self.threshold <= len(self.roots):
            raise ValueError("root")
        for person, use in [(id, "root") for id in self.roots] + [(id, "publish") for id, _ in self.publishers]:
            if not any(key["person"] == person and use in key["use"] for key in self.keys):
                raise ValueError("a power without a key")

    def known(self, id):
        if id not in self.people:
            raise ValueError(f"nobody is {id}")
        return id

    def read_profiles(self, entries):
        self.profiles = built_in()
        standard, seen = built_in(), set()
        for entry in list_of(entries):
            shape(entry, ("name", "steps"), ("groups", "author_may", "important"))
            name = text_of(entry["name"], STEP)
            before = standard.get(name)
            important = entry.get("important", before.important if before else [])
            profile = Profile(name, entry["steps"], entry.get("groups", []), entry.get("author_may", []), important)
            if name in seen or before and not profile.same(before):
                raise ValueError("profile")
            seen.add(name)
            has_final = "final-review" in profile.steps
            if profile.important and not has_final:
                raise ValueError("profile")
            every = set(profile.sequence(True))
            named = set().union(*profile.groups, profile.author_may) if profile.groups else set(profile.author_may)
            good = (
                profile.steps[:2] == ["submit", "secrecy-review"]
                and named <= every - {"submit"}
                and len(set(profile.steps)) == len(profile.steps)
                and not set(profile.important) & set(profile.steps)
                and all(STEP.match(step) and step not in ("withdraw", "roster") for step in every)
            )
            if not good:
                raise ValueError("profile")
            self.profiles[name] = profile

    def read_people(self, entries, steps):
        self.people = {}
        for entry in entries:
            shape(entry, ("id", "name", "post", "emails", "roles"))
            id = text_of(entry["id"], PERSON_ID)
            if id in self.people:
                raise ValueError("a person twice")
            roles = []
            for role in list_of(entry["roles"]):
                shape(role, ("step",), ("from", "until"))
                if role["step"] not in steps:
                    raise ValueError("an unknown step")
                roles.append((role["step"], Window(role)))
            self.people[id] = roles
        if not self.people:
            raise ValueError("nobody")

    def read_keys(self, entries):
        self.keys, owners = [], {}
        for entry in entries:
            shape(entry, ("person", "kind", "public", "use"), ("fingerprint", "from", "until", "allow_rsa_2048", "require_pin"))
            person = self.known(entry["person"])
            if entry["kind"] != "ssh":
                raise NotJudged(f"a roster key of kind {entry['kind']}")
            if "fingerprint" in entry:
                raise ValueError("fingerprint")
            kind, _, encoded = entry["public"].partition(" ")
            try:
                key = Key(strict_base64(encoded))
            except Fault as fault:
                raise ValueError("an unreadable key") from fault
            if key.kind != kind:
                raise ValueError("an unreadable key")
            key.check_strength(bool_of(entry.get("allow_rsa_2048", False)))
            pin = bool_of(entry.get("require_pin", False))
            uses = set(list_of(entry["use"]))
            if pin and not key.hardware or not uses or not uses <= {"commit", "review", "root", "publish"}:
                raise ValueError("key")
            if key.material in owners:
                raise Fault("KEY_SHARED" if owners[key.material] != person else "ROSTER_SCHEMA")
            owners[key.material] = person
            self.keys.append({"person": person, "key": key, "use": uses, "window": Window(entry), "pin": pin})

    def key(self, fingerprint):
        return next((key for key in self.keys if key["key"].fingerprint == fingerprint), None)

    def revocation(self, fingerprint):
        return next((reason for key, reason, _ in self.revocations if key == fingerprint), None)

    def holds(self, person, step):
        return any(role == step for role, _ in self.people.get(person, []))

    def profile(self, subject):
        return self.profiles["site" if subject == "site" else self.default_profile]


class Chain:
    """All roster versions, linked and anchored."""

    def __init__(self, files, anchor):
        versions = []
        for name in files:
            if name.endswith(".toml") and "/" not in name:
                if not NUMBER.match(name[:-5]):
                    raise Fault("ROSTER_SEQUENCE", f"roster/{name}")
                versions.append(int(name[:-5]))
        newest = max(versions, default=0)
        if newest == 0 or len(versions) != newest:
            missing = next((n for n in range(1, newest + 1) if f"{n}.toml" not in files), 1)
            raise Fault("ROSTER_SEQUENCE", f"roster/{missing}.toml")

        def file_digest(version):
            data = files.get(f"{version}.toml")
            return None if data is None else digest(data)

        if anchor:
            if file_digest(1) != anchor["site"]:
                raise Fault("SITE_MISMATCH", "roster/1.toml")
            if newest < anchor["min_roster"]:
                raise Fault("ROSTER_ROLLBACK", f"roster/{newest}.toml")
            remembered = anchor["min_roster_digest"]
            if remembered and file_digest(anchor["min_roster"]) != remembered:
                raise Fault("ROSTER_FORK", f"roster/{anchor['min_roster']}.toml")
        self.rosters = []
        for version in range(1, newest + 1):
            path = f"roster/{version}.toml"
            try:
                roster = Roster(version, files[f"{version}.toml"])
            except Fault as fault:
                raise Fault(fault.code, path) from fault
            if self.rosters:
                before = self.rosters[-1]
                if roster.previous != before.digest:
                    raise Fault("ROSTER_DIGEST", path)
                if not set(before.revocations) <= set(roster.revocations):
                    raise Fault("ROSTER_REVOCATION_DROPPED", path)
            self.rosters.append(roster)
        owners = {}
        for roster in self.rosters:
            for key in roster.keys:
                if owners.setdefault(key["key"].material, key["person"]) != key["person"]:
                    raise Fault("KEY_SHARED", f"roster/{roster.version}.toml")
        self.read_accepted(files)
        self.newest = self.rosters[-1]

    def read_accepted(self, files):
        self.accepted, named = set(), 0
        for roster in self.rosters:
            name = f"accepted/{roster.version}.txt"
            data = files.get(name)
            if (None if data is None else digest(data)) != roster.accepted:
                raise Fault("ROSTER_DIGEST", f"roster/{name}")
            if data is None:
                continue
            named += 1
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError as error:
                raise Fault("ROSTER_SCHEMA", f"roster/{name}") from error
            ids = text[:-1].split("\n") if text else []
            if text and not text.endswith("\n") or not all(DIGEST.match(id) for id in ids) or ids != sorted(ids):
                raise Fault("ROSTER_SCHEMA", f"roster/{name}")
            self.accepted |= set(ids)
        if named != sum(name.startswith("accepted/") for name in files):
            raise Fault("ROSTER_DIGEST", "roster/accepted")

    def named(self, reference):
        version, wanted = reference
        found = self.rosters[version - 1] if 0 < version <= len(self.rosters) else None
        return found if found is not None and found.digest == wanted else None

    def authorise(self, admitted):
        for old, new in zip(self.rosters, self.rosters[1:]):
            by_old, by_new, other = set(), set(), False
            for s in admitted.values():
                if s.subject != f"roster/{new.version}" or s.roster != (old.version, old.digest):
                    continue
                if s.digest != new.digest or s.revision != new.version:
                    other |= s.digest != new.digest
                    continue
                fingerprint = s.signature.key.fingerprint
                if new.revocation(fingerprint):
                    continue

                def is_root(roster):
                    key = roster.key(fingerprint)
                    return s.signer in roster.roots and key is not None and key["person"] == s.signer and "root" in key["use"]

                if is_root(old):
                    by_old.add(s.signer)
                if s.signer in new.roots and (is_root(old) or is_root(new)):
                    by_new.add(s.signer)
            changed = set(old.roots) != set(new.roots) or old.threshold != new.threshold
            if len(by_old) < old.threshold or changed and len(by_new) < new.threshold:
                raise Fault("ROSTER_DIGEST" if other else "ROSTER_THRESHOLD", f"roster/{new.version}.toml")


# --- Approvals --------------------------------------------------------------


class Approvals:
    def __init__(self, chain, files, current, at, at_given):
        self.chain, self.at, self.at_given = chain, at, at_given
        owners = {value: subject for subject, value in current.items() if value}
        self.admitted, self.refused = {}, {}
        for name, data in sorted(files.items()):
            id = digest(b"jiedu-statement/1\n" + payload(data))
            if name != id[7:] + ".commit":
                continue
            if not last_paragraph(split_commit(data)[1]).startswith(b"Approval-Statement:"):
                continue
            try:
                statement = Statement(data)
                self.admit(statement, owners)
                statement.signature.verify(payload(data), self.signer(statement)["key"], self.signer(statement)["pin"])
                self.admitted[id] = statement
            except Fault as fault:
                self.refused[id] = (fault.code, data)
        chain.authorise(self.admitted)
        self.books = {}
        for id, s in self.admitted.items():
            if not s.subject.startswith("roster/"):
                s.id = id
                self.weigh(s)
                self.books.setdefault(s.subject, []).append(s)
        for book in self.books.values():
            book.sort(key=lambda s: s.id)
        self.voided, self.rejected = {}, {}
        for subject, book in self.books.items():
            self.take_back(subject, book)
        self.withdrawals = {subject: self.withdraw(subject, book) for subject, book in self.books.items()}

    def admit(self, s, owners):
        if s.site != self.chain.rosters[0].digest:
            raise Fault("SITE_MISMATCH")
        if owners.get(s.digest, s.subject) != s.subject:
            raise Fault("SET_MISMATCH")
        if not s.one_ident:
            raise Fault("IDENT_MISMATCH")
        if len(s.parents) > 1:
            raise Fault("STATEMENT_IS_MERGE")
        if not s.parents and s.tree not in EMPTY_TREES:
            raise Fault("STATEMENT_NOT_EMPTY")
        self.signer(s)

    def signer(self, s):
        """The roster key that must have signed."""
        named = self.chain.named(s.roster)
        if named is None:
            raise Fault("ROSTER_UNKNOWN")
        fingerprint, roster, use = s.signature.key.fingerprint, named, "review"
        if s.subject.startswith("roster/"):
            version, use = int(s.subject[7:]), "root"
            if named.version + 1 != version:
                raise Fault("ROSTER_UNKNOWN")

            def is_root(roster):
                return s.signer in roster.roots and roster.key(fingerprint) is not None

            new = self.chain.rosters[named.version] if named.version < len(self.chain.rosters) else None
            if not is_root(named) and new is not None and is_root(new):
                roster = new
        key = roster.key(fingerprint)
        if key is None:
            raise Fault("KEY_UNKNOWN")
        if key["person"] != s.signer:
            raise Fault("SIGNER_MISMATCH")
        if use not in key["use"]:
            raise Fault("KEY_USE")
        return key

    def key_lapse(self, fingerprint, use, accepted):
        newest = self.chain.newest
        key = newest.key(fingerprint)
        if key is not None and not key["window"].begun(self.at):
            return "KEY_NOT_YET_VALID"
        if accepted:
            return None
        revoked = newest.revocation(fingerprint)
        if revoked:
            return "KEY_REVOKED" if revoked == "compromised" else "KEY_RETIRED"
        if key is None or use not in key["use"]:
            return "KEY_RETIRED"
        return "KEY_EXPIRED" if key["window"].over(self.at) else None

    def weigh(self, s):
        """What weakens a statement whose signature holds."""
        named, newest = self.chain.named(s.roster), self.chain.newest
        fingerprint = s.signature.key.fingerprint
        s.accepted = s.id in self.chain.accepted
        key = self.key_lapse(fingerprint, "review", s.accepted)
        late = self.at_given and s.claimed_at > self.at + DAY
        role, s.substitute, never = self.role(s, named, newest)
        s.lapse = key or ("TIME_IMPLAUSIBLE" if late else None) or role
        compromised = not s.accepted and newest.revocation(fingerprint) == "compromised"
        s.void = compromised or never and s.decision != "retract"
        s.lacked_role = never

    def role(self, s, named, newest):
        steps = [s.step]
        if s.kind == "withdraw":
            steps = ["withdraw", *named.profile(s.subject).sequence(True)]

        def substitution(roster, now):
            for holder, by, of, window in roster.substitutes:
                for step in steps:
                    if by == s.signer and step in of and roster.holds(holder, step) and (not now or window.contains(self.at)):
                        return holder
            return None

        direct = any(named.holds(s.signer, step) for step in steps)
        stand_in = substitution(named, False)
        if not direct and stand_in is None:
            replaces = any(
                by == s.signer and any(named.holds(holder, step) for step in steps)
                for holder, by, _, _ in named.substitutes
            )
            return ("SUBSTITUTE_INVALID" if replaces else "ROLE_MISSING"), None, True
        roles = newest.people.get(s.signer, [])
        if any(step in steps and window.contains(self.at) for step, window in roles):
            return None, None, False
        holder = substitution(newest, True)
        if holder is not None:
            return None, holder, False
        holder = None if direct else stand_in
        if s.accepted:
            return None, holder, False
        later = any(step in steps and not window.begun(self.at) for step, window in roles)
        reason = "ROLE_ENDED" if direct else "SUBSTITUTE_INVALID"
        return ("ROLE_MISSING" if direct and later else reason), holder, False

    def take_back(self, subject, book):
        by_id, gone = {s.id: s for s in book}, set()
        for s in book:
            if s.void or s.decision == "approve":
                continue
            if s.decision == "reject":
                self.rejected.setdefault((subject, s.revision, s.digest), s.id)
                continue
            target = by_id.get(s.previous)
            same = target is None or (
                (target.revision, target.step, target.digest, target.signer, target.decision, target.kind)
                == (s.revision, s.step, s.digest, s.signer, "approve", s.kind)
            )
            if s.previous is not None and same:
                gone.add((s.revision, s.step, s.digest, s.signer))
        for s in book:
            if s.decision == "approve" and (s.revision, s.step, s.digest, s.signer) in gone:
                self.voided[s.id] = True

    def withdraw(self, subject, book):
        by_id = {s.id: s for s in book}
        reviewed = {(s.revision, s.digest) for s in book if s.kind == "review" and s.decision == "approve"}
        votes = {}
        for s in book:
            if s.kind != "withdraw" or s.void or (s.revision, s.digest) not in reviewed:
                continue
            target = by_id.get(s.previous)
            fits = target is not None and (target.revision, target.digest, target.kind, target.decision) == (
                s.revision, s.digest, "review", "approve",
            )
            if fits and self.was_complete(subject, target, by_id):
                alone = self.chain.named(s.roster).holds(s.signer, "withdraw")
                votes.setdefault((s.revision, s.digest), []).append((s, alone))
        out = []
        for (revision, _), given in sorted(votes.items()):
            alone = [s for s, is_alone in given if is_alone]
            signers = {s.signer for s, _ in given}
            if alone or len(signers) >= 2:
                out.append((revision, (alone or [given[0][0]])[0].id))
        return out

    def was_complete(self, subject, last, by_id):
        steps, at = [last.step], last
        while at.kind != "submit" and len(steps) <= 64:
            at = by_id.get(at.previous)
            if at is None:
                return False
            steps.insert(0, at.step)
        return any(
            roster.profile(subject).sequence(important) == steps
            for roster in self.chain.rosters
            for important in (False, True)
        )

    def withdrawal(self, subject, cleared):
        found = [w for w in self.withdrawals.get(subject, []) if cleared is None or cleared <= w[0]]
        return min(found, key=lambda w: (-w[0], w[1]))[1] if found else None

    def chains(self, subject, wanted, important):
        """All complete chains for a digest: (revision, ids)."""
        book = self.books.get(subject, [])
        newest = self.chain.newest.profile(subject)
        ways = [(newest, False)]
        if any(s.accepted for s in book):
            seen = []
            for roster in reversed(self.chain.rosters):
                profile = roster.profile(subject)
                if not profile.same(newest) and not any(profile.same(other) for other in seen):
                    seen.append(profile)
                    ways.append((profile, True))
        for profile, only_accepted in ways:
            found = self.grow(subject, book, profile, profile.sequence(important), wanted, only_accepted)
            if found:
                return found
        return []

    def grow(self, subject, book, profile, steps, wanted, only_accepted):
        by_id = {s.id: s for s in book}

        def counts(s):
            good = s.lapse is None and not s.void and s.id not in self.voided and s.decision == "approve"
            return good and (s.accepted or not only_accepted)

        def opens(s):
            if (s.revision == 1) != (s.previous is None):
                return False
            if s.previous is not None:
                before = by_id.get(s.previous)
                if before is None or before.void or before.revision + 1 != s.revision:
                    return False
            named = self.chain.named(s.roster)
            return all(author in named.people for author in s.authors)

        paths = [[s] for s in book if s.kind == "submit" and s.digest == wanted and counts(s) and opens(s)]
        for step in steps[1:]:
            longer = []
            for path in paths:
                submit, last = path[0], path[-1]
                for s in book:
                    if s.previous != last.id or s.kind != "review" or s.step != step or not counts(s):
                        continue
                    if (s.revision, s.digest) != (submit.revision, wanted):
                        continue
                    if self.may_follow(profile, path, s):
                        longer.append(path + [s])
            paths = longer
        done = [path for path in paths if (subject, path[0].revision, wanted) not in self.rejected]
        return [(path[0].revision, [s.id for s in path]) for path in done]

    def may_follow(self, profile, path, s):
        for before in path[1:]:
            if before.signer == s.signer:
                if before.substitute and s.substitute or not profile.may_combine(before.step, s.step):
                    return False
        if s.step in profile.author_may and not s.substitute:
            return True
        return s.signer != path[0].signer and s.signer not in path[0].authors


# --- The site ---------------------------------------------------------------


class Site:
    def __init__(self, folder):
        self.folder, self.files, self.odd = folder, {}, set()
        open_folders = [""]
        while open_folders:
            prefix = open_folders.pop()
            with os.scandir(os.path.join(folder, prefix) if prefix else folder) as entries:
                for entry in entries:
                    path = prefix + entry.name
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if stat.S_ISDIR(mode):
                        open_folders.append(path + "/")
                    elif stat.S_ISREG(mode):
                        self.files[path] = None
                    else:
                        self.odd.add(path)
        for path in self.files:
            with open(os.path.join(folder, path), "rb") as file:
                data = file.read()
            self.files[path] = (sha256(data), len(data), data if path.startswith(DOCUMENTS) else None)

    def document(self, path):
        found = self.files.get(path)
        return found[2] if found else None

    def below(self, folder):
        return {path[len(folder) :]: fact[2] for path, fact in self.files.items() if path.startswith(folder)}


def read_manifest(data):
    raw = shape(read_json(data), ("schema", "revision", "at", "generator", "files"), ("drafts",))
    if raw["schema"] != "jiedu.manifest/1":
        raise ValueError("schema")
    for key in ("revision", "at", "generator"):
        text_of(raw[key])
    raw["drafts"] = bool_of(raw.get("drafts", False))
    for entry in shape(raw["files"], raw["files"].keys()).values():
        shape(entry, ("sha256", "size"))
        text_of(entry["sha256"], re.compile(r"[0-9a-f]{64}\Z"))
        number_of(entry["size"])
    return raw


PREDICATE = "at atGiven judgedAt builder ledger previous roster sequence sets site source theme withdrawn".split()


def read_release(data):
    raw = shape(read_json(data), ("_type", "predicateType", "subject", "predicate"))
    if raw["_type"] != "https://in-toto.io/Statement/v1" or raw["predicateType"] != "urn:jiedu:release:1":
        raise ValueError("type")
    (subject,) = list_of(raw["subject"])
    shape(subject, ("name", "digest"))
    if subject["name"] != MANIFEST:
        raise ValueError("subject")
    manifest = text_of(shape(subject["digest"], ("sha256",))["sha256"], re.compile(r"[0-9a-f]{64}\Z"))
    said = shape(raw["predicate"], PREDICATE, ("archive",))
    said["manifest"] = manifest
    for key in ("ledger", "site"):
        text_of(said[key], DIGEST)
    if said["previous"] != "none":
        text_of(said["previous"], DIGEST)
    if "archive" in said:
        text_of(said["archive"], DIGEST)
    shape(said["builder"], ("redline", "version"))
    shape(said["source"], ("commit", "objectFormat"))
    for value in (*said["builder"].values(), *said["source"].values(), said["at"], said["judgedAt"]):
        text_of(value)
    shape(said["roster"], ("digest", "version"))
    text_of(said["roster"]["digest"], DIGEST)
    number_of(said["roster"]["version"])
    number_of(said["sequence"])
    bool_of(said["atGiven"])
    shape(said["theme"], ("digest", "revision", "statements"))
    read_edition(said["theme"])
    ids = []
    for entry in list_of(said["sets"]):
        shape(entry, ("id", "editions"), ("aliases", "current"))
        ids.append(text_of(entry["id"], SET_ID))
        aliases = entry.setdefault("aliases", [])
        if [text_of(alias, SET_ID) for alias in list_of(aliases)] != sorted(set(aliases)):
            raise ValueError("aliases")
        for edition in list_of(entry["editions"]):
            shape(edition, ("digest", "important", "number", "revision", "statements"), ("void",))
            bool_of(edition["important"])
            number_of(edition["number"])
            read_edition(edition)
            if "void" in edition:
                text_of(edition["void"])
        shown = [edition["number"] for edition in entry["editions"] if "void" not in edition]
        if entry.get("current") != (shown[-1] if shown else None):
            raise ValueError("current")
    withdrawn = {}
    for entry in list_of(said["withdrawn"]):
        shape(entry, ("id", "statement"))
        withdrawn[text_of(entry["id"], SET_ID)] = text_of(entry["statement"], DIGEST)
    if [id for id in ids if id in withdrawn] != [entry["id"] for entry in said["withdrawn"]]:
        raise ValueError("withdrawn")
    said["withdrawn"] = withdrawn
    return said


def read_edition(entry):
    text_of(entry["digest"], DIGEST)
    number_of(entry["revision"])
    for id in list_of(entry["statements"]):
        text_of(id, DIGEST)


def read_set_manifest(data):
    text = data.decode("utf-8")
    if not text.endswith("\n"):
        raise ValueError("end")
    rows = text[:-1].split("\n")
    whole = re.compile(r"0|[1-9][0-9]*\Z")
    if rows[0] != "jiedu-set/1" or not rows[1].startswith("set ") or not rows[2].startswith("files "):
        raise ValueError("head")
    files, last = {}, None
    for row in rows[3:]:
        hexa, size, path = row.split(" ", 2)
        if not re.fullmatch(r"[0-9a-f]{64}", hexa) or not whole.fullmatch(size):
            raise ValueError("row")
        if last is not None and last.encode() >= path.encode():
            raise ValueError("order")
        files[path], last = (hexa, int(size)), path
    if not whole.fullmatch(rows[2][6:]) or int(rows[2][6:]) != len(files):
        raise ValueError("count")
    return {"set": rows[1][4:], "files": files, "digest": digest(data)}


def read_ledger(data):
    text = data.decode("utf-8")
    rows = text.split("\n")
    ids = rows[1:-1]
    if rows[0] != "jiedu-ledger/1" or rows[-1] != "" or not all(DIGEST.match(id) for id in ids) or ids != sorted(set(ids)):
        raise ValueError("ledger")
    return set(ids)


def read_anchor(path):
    with open(path, "rb") as file:
        raw = tomllib.load(file)
    shape(raw, ("site",), ("min_roster", "min_roster_digest", "min_release", "min_release_digest"))
    anchor = {"min_roster": 1, "min_roster_digest": None, "min_release": 0, "min_release_digest": None}
    return {**anchor, **raw}


def instant(text):
    return int(datetime.datetime.fromisoformat(text).timestamp())


class Verifier:
    def __init__(self, folder, anchor):
        self.site, self.anchor = Site(folder), anchor
        self.problems, self.not_judged = set(), []
        beside = folder.rstrip("/") + "-evidence"
        self.archive = Site(beside) if os.path.isdir(beside) and not os.path.islink(beside) else None

    def add(self, code, path=""):
        self.problems.add((path, code))

    def run(self):
        try:
            self.judge()
        except NotJudged as reason:
            self.not_judged.append(str(reason))
        if self.anchor is None:
            self.add("UNANCHORED")

    def judge(self):
        manifest = self.compare_files()
        if manifest is not None and manifest["drafts"]:
            self.add("DRAFTS", MANIFEST)
            return
        data = self.site.document(RELEASE)
        if data is None:
            self.add("SITE_FILE_MISSING", RELEASE)
            return
        try:
            release = read_release(data)
            at, judged = instant(release["at"]), instant(release["judgedAt"])
        except (ValueError, KeyError, TypeError):
            self.add("ENVELOPE_MALFORMED", RELEASE)
            return
        self.documents = self.site.below(EVIDENCE)
        if "archive" in release:
            self.compare_archive(release)
        if not self.documents and self.archive:
            self.documents = {path: self.read_archive(path) for path in self.archive.files}
        if judged != at if release["atGiven"] else judged < at:
            self.add("ENVELOPE_MALFORMED", RELEASE)
        approvals = self.read_approvals(release, judged)
        if approvals is not None:
            self.check_publisher(approvals, judged, data)
            self.check_agreement(approvals, release, manifest)
            self.check_sets(approvals, release)
        self.check_sequence(release, data)
        self.check_pages(release)

    def read_archive(self, path):
        with open(os.path.join(self.archive.folder, path), "rb") as file:
            return file.read()

    def compare_archive(self, release):
        if self.archive is None:
            self.add("SITE_FILE_MISSING", EVIDENCE)
            return
        rows = [f"{fact[0]} {fact[1]} {path}\n" for path, fact in self.archive.files.items()]
        rows.sort(key=lambda row: row.split(" ", 2)[2].encode())
        if digest(("jiedu-archive/1\n" + "".join(rows)).encode()) != release["archive"]:
            self.add("SITE_FILE_CHANGED", EVIDENCE)

    def compare_files(self):
        data = self.site.document(MANIFEST)
        if data is None:
            self.add("SITE_FILE_MISSING", MANIFEST)
            return None
        try:
            manifest = read_manifest(data)
        except (ValueError, KeyError, TypeError):
            self.add("ENVELOPE_MALFORMED", MANIFEST)
            return None
        for path, entry in manifest["files"].items():
            found = self.site.files.get(path)
            if found is None:
                self.add("SITE_FILE_CHANGED" if path in self.site.odd else "SITE_FILE_MISSING", path)
            elif found[:2] != (entry["sha256"], entry["size"]):
                self.add("SITE_FILE_CHANGED", path)
        known = set(manifest["files"]) | {MANIFEST, RELEASE, SIGNATURE}
        for path in set(self.site.files) - known:
            self.add("SITE_FILE_EXTRA", path)
        for path in self.site.odd - set(manifest["files"]):
            self.add("SITE_FILE_CHANGED" if path in known else "SITE_FILE_EXTRA", path)
        return manifest

    def read_approvals(self, release, judged):
        def below(folder):
            return {path[len(folder) :]: data for path, data in self.documents.items() if path.startswith(folder)}

        current = {"site": release["theme"]["digest"]}
        for entry in release["sets"]:
            shown = [edition["digest"] for edition in entry["editions"] if "void" not in edition]
            current[entry["id"]] = shown[-1] if shown else None
        try:
            chain = Chain(below("roster/"), self.anchor)
            return Approvals(chain, below("statements/"), current, judged, release["atGiven"])
        except Fault as fault:
            self.add(fault.code, EVIDENCE + fault.path)
            return None

    def check_publisher(self, approvals, judged, release_data):
        armour = self.site.document(SIGNATURE)
        newest = approvals.chain.newest
        if armour is None:
            if newest.publishers:
                self.add("PUBLISHER_INVALID", SIGNATURE)
            return
        try:
            signature = SshSignature(armour.decode("utf-8"), "jiedu-release@1")
            key = newest.key(signature.key.fingerprint)
            if key is None or "publish" not in key["use"]:
                raise Fault("PUBLISHER_INVALID")
            if approvals.key_lapse(signature.key.fingerprint, "publish", False):
                raise Fault("PUBLISHER_INVALID")
            if not any(person == key["person"] and window.contains(judged) for person, window in newest.publishers):
                raise Fault("PUBLISHER_INVALID")
            signature.verify(release_data, key["key"], key["pin"])
        except (Fault, UnicodeDecodeError, NotJudged):
            self.add("PUBLISHER_INVALID", RELEASE)
            self.add("PUBLISHER_INVALID", SIGNATURE)

    def check_agreement(self, approvals, release, manifest):
        found = self.site.files.get(MANIFEST)
        if found and found[0] != release["manifest"]:
            self.add("SITE_FILE_CHANGED", MANIFEST)
        if manifest and (manifest["revision"] != release["source"]["commit"] or manifest["at"] != release["at"]):
            self.add("SITE_FILE_CHANGED", MANIFEST)
        newest = approvals.chain.newest
        named = (release["roster"]["version"], release["roster"]["digest"])
        if release["site"] != approvals.chain.rosters[0].digest or named != (newest.version, newest.digest):
            self.add("ROSTER_DIGEST", RELEASE)
        data = self.documents.get("ledger.txt")
        if data is None:
            self.add("SITE_FILE_MISSING", EVIDENCE + "ledger.txt")
            return
        try:
            ledger = read_ledger(data)
        except (ValueError, IndexError):
            self.add("ENVELOPE_MALFORMED", EVIDENCE + "ledger.txt")
            return
        if digest(data) != release["ledger"] or set(approvals.admitted) - ledger:
            self.add("LEDGER_SHRUNK", EVIDENCE + "ledger.txt")

    def check_manifest(self, path, set_id, wanted):
        data = self.documents.get(path)
        if data is None:
            self.add("SITE_FILE_MISSING", EVIDENCE + path)
            return
        try:
            manifest = read_set_manifest(data)
        except (ValueError, IndexError):
            self.add("ENVELOPE_MALFORMED", EVIDENCE + path)
            return
        if manifest["set"] != set_id or manifest["digest"] != wanted:
            self.add("DIGEST_MISMATCH", EVIDENCE + path)

    def check_sets(self, approvals, release):
        for entry in release["sets"]:
            id, editions = entry["id"], entry["editions"]
            numbers = [edition["number"] for edition in editions]
            if numbers and numbers[0] == 0 or any(a >= b for a, b in zip(numbers, numbers[1:])):
                self.add("REVISION_MISMATCH", f"{EVIDENCE}sets/{id}/")
            for edition in editions:
                if edition.get("void") == "NOT_DISCLOSED":
                    continue
                self.check_manifest(f"sets/{id}/v{edition['number']}.txt", id, edition["digest"])
                if "void" not in edition:
                    chains = approvals.chains(id, edition["digest"], edition["important"])
                    if (edition["revision"], edition["statements"]) not in chains:
                        current = edition["number"] == entry.get("current")
                        page = "index.html" if current else f"v{edition['number']}/index.html"
                        self.add("NO_CHAIN", f"policies/{id}/{page}")
            shown = [edition["revision"] for edition in editions if "void" not in edition]
            if approvals.withdrawal(id, max(shown, default=None)) != release["withdrawn"].get(id):
                self.add("WITHDRAWN", f"policies/{id}/index.html")
        theme = release["theme"]
        self.check_manifest("sets/site.txt", "site", theme["digest"])
        if (theme["revision"], theme["statements"]) not in approvals.chains("site", theme["digest"], False):
            self.add("THEME_UNAPPROVED", EVIDENCE + "sets/site.txt")

    def check_sequence(self, release, data):
        if self.anchor is None:
            return
        sequence, least, remembered = release["sequence"], self.anchor["min_release"], self.anchor["min_release_digest"]
        forked = sequence == least and remembered and remembered != canonical_digest(data)
        if sequence < least or forked:
            self.add("RELEASE_ROLLBACK", RELEASE)

    def check_pages(self, release):
        sets = {entry["id"]: entry for entry in release["sets"]}
        aliases = {alias for entry in release["sets"] for alias in entry["aliases"]}
        manifests = {}

        def files_of(id, number):
            if (id, number) not in manifests:
                data = self.documents.get(f"sets/{id}/v{number}.txt")
                try:
                    manifests[id, number] = read_set_manifest(data)["files"] if data is not None else None
                except (ValueError, IndexError):
                    manifests[id, number] = None
            return manifests[id, number]

        for path, fact in self.site.files.items():
            parts = path.split("/", 3)
            if parts[0] != "policies" or len(parts) < 4 or not SET_ID.match(f"{parts[1]}/{parts[2]}"):
                continue
            id, rest = f"{parts[1]}/{parts[2]}", parts[3]
            entry = sets.get(id)
            if entry is None:
                if not (rest == "index.html" and id in aliases):
                    self.add("STEP_MISSING", path)
                continue
            editions = {edition["number"]: edition for edition in entry["editions"]}
            first, _, inner = rest.partition("/")
            named = inner.split("/")[0] if first == "compare" else first[1:] if first.startswith("v") else ""
            numbers = [int(n) for n in named.split("-") if re.fullmatch(r"\+?[0-9]{1,9}", n)]
            if any(number not in editions for number in numbers):
                self.add("STEP_MISSING", path)
                continue
            if re.fullmatch(r"v\+?[0-9]{1,9}", first) and "/" in rest:
                number = int(first[1:])
            else:
                last = entry.get("current") or (entry["editions"][-1]["number"] if entry["editions"] else None)
                number, inner = last, rest
            if number is None:
                continue
            if inner.startswith("attachments/"):
                wanted, is_page = inner, False
            elif inner.startswith("interpretation/"):
                below = inner[len("interpretation/") :]
                is_page = below.endswith("/index.html")
                wanted = "materials/" + (below[: -len("/index.html")] + ".md" if is_page else below)
            else:
                continue
            withdrawn = id in release["withdrawn"]
            if is_page:
                shown = [n for n, edition in editions.items() if "void" not in edition and not withdrawn]
                holders = [files_of(id, n) for n in (shown or editions)]
                if not any(files is None or wanted in files for files in holders):
                    self.add("STEP_MISSING", path)
                continue
            files = files_of(id, number)
            if files is None:
                continue
            if withdrawn:
                self.add("WITHDRAWN", path)
            elif "void" in editions.get(number, {}):
                self.add("STEP_MISSING", path)
            elif files.get(wanted) != fact[:2]:
                self.add("DIGEST_MISMATCH", path)


def canonical_digest(data):
    text = json.dumps(read_json(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest(text.encode("utf-8"))


def main():
    parser = argparse.ArgumentParser(description="Verify a site built by jiedu.")
    parser.add_argument("site")
    parser.add_argument("--trust")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    anchor = read_anchor(args.trust) if args.trust else None
    verifier = Verifier(args.site, anchor)
    verifier.run()
    ok = not verifier.problems and not verifier.not_judged
    rows = [{"code": code, "path": path} for path, code in sorted(verifier.problems)]
    if args.json:
        print(json.dumps({"ok": ok, "problems": rows, "not_judged": verifier.not_judged}, ensure_ascii=False))
    else:
        for row in rows:
            print(f"[{row['code']}] {row['path']}")
        for reason in verifier.not_judged:
            print(f"not judged: {reason}")
        print("verified" if ok else "not verified")
    return 0 if ok else 2 if verifier.not_judged and not verifier.problems else 3


if __name__ == "__main__":
    sys.exit(main())
