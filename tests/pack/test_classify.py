from __future__ import annotations

import pytest
from packing import MAX_FILE_BYTES, entry, named, rules

from reviewer.flow import FileClass, Verdict
from reviewer.pack import classify

CLASSES = {
    FileClass.SOURCE: (
        "httpx/_client.py", "src/docs/parser.py", "lib/ansible/plugins/test/core.py",
        "contest/latest.go", "Contest.java", "templates/page.html.j2", "src/app.tsx",
        "web/style.scss", "gin.go", "test_helpers.go", "src/Illuminate/Testing/TestResponse.php",
        "charts/app/tests.d", "setup.py", "env.py", "secrets.py", "include/history.py",
    ),
    FileClass.TEST: (
        "tests/test_a.py", "test/units/x.yml", "pkg/a_test.go", "src/a.spec.ts", "a.test.mjs",
        "spec/models/user_spec.rb", "src/test/java/a/A.java", "src/commonTest/kotlin/a.kt",
        "Src/Foo.Tests/Bar.cs", "src/FooTest.php", "Component/Form/Tests/A.php", "conftest.py",
        "crates/x/testdata/a.txt", "app/__tests__/a.js", "fixtures/a.json", "e2e/login.ts",
        "features/login.feature",
    ),
    FileClass.DOCS: (
        "README.md", "README", "LICENSE-MIT", "UPGRADE-7.1", "docs/conf.py", "examples/a.go",
        "packages/a/CHANGELOG.md", "man/reviewer.1", "COPYING", "guide/intro.rst",
        "changelogs/fragments/1.yml",
    ),
    FileClass.CONFIG: (
        "pyproject.toml", "package.json", "tsconfig.build.json", ".eslintrc.js", "Makefile",
        "Dockerfile", "docker/Dockerfile.dev", "prod.dockerfile", ".github/workflows/ci.yml",
        "go.mod", "requirements-dev.txt", "CMakeLists.txt", "vite.config.ts", ".gitignore",
        "pom.xml", "BUILD", "py.typed", "CODEOWNERS", ".npmignore", ".env-cmdrc",
    ),
    FileClass.DATA: (
        "data/countries.json", "locale/de.po", "a.csv", "resources/messages.xlf", "something",
        "a.unknown", "certs/ca.crt",
    ),
    FileClass.LOCK: (
        "package-lock.json", "web/yarn.lock", "Cargo.lock", "go.sum", "poetry.lock", "uv.lock",
        "composer.lock", "Gemfile.lock", "pnpm-lock.yaml", "Podfile.lock", "flake.lock",
        ".terraform.lock.hcl", "Package.resolved", "mix.lock", "Pipfile.lock",
    ),
    FileClass.VENDORED: (
        "vendor/github.com/x/y.go", "third_party/a.c", "web/node_modules/a/index.js",
        "deps/lua/src/lua.c", "src/thirdparty/a.hpp", "gradlew", ".yarn/releases/yarn-4.cjs",
        "bower_components/a.js", "ios/Pods/a.m", "lib/vendored/six.py",
    ),
    FileClass.MINIFIED: ("a.min.js", "css/a.min.css", "a.js.map", "jquery-min.js"),
    FileClass.GENERATED: (
        "a_pb2.py", "a_pb2_grpc.py", "api/a.pb.go", "a.g.dart", "Form.Designer.cs",
        "__snapshots__/a.ts.snap", "zz_generated.deepcopy.go", "types.generated.ts",
        "dist/index.js", "App.xcodeproj/project.pbxproj",
    ),
    FileClass.MEDIA: ("logo.png", "docs/a.svg", "fonts/a.woff2", "tests/a.gif"),
    FileClass.BINARY: ("a.pdf", "gradle/wrapper/gradle-wrapper.jar", "a.sqlite3", "t/a.tar.gz"),
    FileClass.SECRET: (
        ".env", "app/.env.production", ".env.local.php", "id_rsa", "deploy/id_ed25519",
        "server.pem", "a.key", "a.p12", "a.pfx", "a.jks", "release.keystore", ".netrc", ".npmrc",
        ".pypirc", "credentials.json", ".git-credentials", "passwords.kdbx", ".aws/credentials",
        "client_secret_123.json", "config/secrets.yml", "terraform.tfstate", "prod.tfvars",
        ".ENV", "ID_RSA", "docker/web.env", "firebase-adminsdk-x.json", ".htpasswd",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "expected"), [(path, each) for each, paths in CLASSES.items() for path in paths]
)
def test_a_name_tells_the_class(path: str, expected: FileClass) -> None:
    assert named(path).file_class is expected


@pytest.mark.parametrize(
    "path", [".env.example", ".env.sample", "web/.env.template", ".env.dist", "id_rsa.pub"]
)
def test_a_template_of_a_secret_file_is_no_secret(path: str) -> None:
    assert named(path).file_class is not FileClass.SECRET


def test_a_charts_template_of_a_secret_is_reviewed_but_nothing_else_beside_it() -> None:
    assert named("charts/a/templates/secrets.yaml").file_class is FileClass.CONFIG
    assert named("templates/id_rsa").file_class is FileClass.SECRET


def test_every_verdict_names_its_rule() -> None:
    assert all(named(path).rule for paths in CLASSES.values() for path in paths)


@pytest.mark.parametrize(
    ("mode", "expected"), [("160000", FileClass.SUBMODULE), ("120000", FileClass.SYMLINK)]
)
def test_what_git_says_it_is_comes_first(mode: str, expected: FileClass) -> None:
    assert named(".env", rules(include=["*"]), mode=mode).file_class is expected


def test_an_executable_without_extension_is_source() -> None:
    assert named("scripts/install", mode="100755").file_class is FileClass.SOURCE


def test_the_outermost_folder_that_says_something_decides() -> None:
    assert named("tests/docs/a.md").file_class is FileClass.TEST
    assert named("docs/tests/a.md").file_class is FileClass.DOCS


def test_an_excluded_file_names_the_pattern() -> None:
    verdict = named("src/a.py", rules(exclude=["src/"]))

    assert verdict == Verdict(file_class=FileClass.EXCLUDED, rule="exclude src/")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("vendor/a.go", FileClass.SOURCE),
        ("package-lock.json", FileClass.CONFIG),
        ("a.min.js", FileClass.SOURCE),
        ("logo.svg", FileClass.DATA),
        ("a_pb2.py", FileClass.SOURCE),
    ],
)
def test_an_included_file_is_sent_as_what_it_is(path: str, expected: FileClass) -> None:
    verdict = named(path, rules(include=[path]))

    assert verdict == Verdict(file_class=expected, rule=f"include {path}")


def test_a_large_file_is_not_sent_unless_included() -> None:
    large = entry("a.c", b"x" * 11)

    assert classify.by_name(large, rules(), max_file_bytes=10).rule == "11 bytes"
    included = classify.by_name(large, rules(include=["*.c"]), max_file_bytes=10)
    assert included.file_class is FileClass.SOURCE


@pytest.mark.parametrize("path", ["logo.png", "a.zip"])
def test_an_include_does_not_make_a_picture_or_an_archive_text(path: str) -> None:
    assert named(path, rules(include=["*"])).file_class in (FileClass.MEDIA, FileClass.BINARY)


def test_an_include_does_not_send_a_secret_and_the_rule_says_so() -> None:
    verdict = named(".env", rules(include=[".env"]))

    assert verdict == Verdict(
        file_class=FileClass.SECRET, rule="name .env (`include .env` cannot change that)"
    )


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ("linguist-generated", FileClass.GENERATED),
        ("linguist-vendored=true", FileClass.VENDORED),
        ("linguist-documentation", FileClass.DOCS),
        ("-linguist-generated", FileClass.SOURCE),
    ],
)
def test_attributes_decide_over_names(attribute: str, expected: FileClass) -> None:
    verdict = named("src/a.py", rules(attributes={"": f"src/* {attribute}"}))

    assert verdict.file_class is expected
    assert "in .gitattributes" in verdict.rule


@pytest.mark.parametrize(
    ("path", "attribute", "expected"),
    [
        ("vendor/a.go", "-linguist-vendored", FileClass.SOURCE),
        ("a_pb2.py", "linguist-generated=false", FileClass.SOURCE),
        ("docs/conf.py", "-linguist-documentation", FileClass.SOURCE),
        ("Cargo.lock", "-linguist-generated", FileClass.LOCK),
    ],
)
def test_an_unset_attribute_takes_back_what_a_name_says(
    path: str, attribute: str, expected: FileClass
) -> None:
    assert named(path, rules(attributes={"": f"{path} {attribute}"})).file_class is expected


def test_an_unset_attribute_outweighs_a_note_in_the_file() -> None:
    note = b"# Generated by make. Do not edit this file.\nx = 1\n"
    unset = named("a.py", rules(attributes={"": "*.py -linguist-generated"}))

    assert classify.by_content(unset, note).file_class is FileClass.SOURCE
    assert classify.by_content(named("a.py"), note).file_class is FileClass.GENERATED


def test_an_included_file_stays_included_whatever_it_holds_but_binary_and_keys() -> None:
    included = named("a.py", rules(include=["a.py"]))
    key = b"-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\n"

    assert classify.by_content(included, b"# Generated by make\n") == included
    assert classify.by_content(included, b"x" * MAX_FILE_BYTES) == included
    assert classify.by_content(included, b"a\0b").file_class is FileClass.BINARY
    assert classify.by_content(included, key).file_class is FileClass.SECRET


def test_content_does_not_bring_back_what_a_name_ruled_out() -> None:
    lock = named("Cargo.lock")

    assert classify.by_content(lock, b"x") == lock
