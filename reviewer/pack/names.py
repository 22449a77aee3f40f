"""What well-known names mean: tables, and no decisions. Pure.

Every name here is lower case; names of paths are lowered before they are looked up. Where no
source stands beside a table, it was collected by reading the file lists of real repositories.
"""

from __future__ import annotations

import re

from reviewer.flow import FileClass


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# --- never sent -------------------------------------------------------------------------------

SECRET_NAMES = _words(
    """
    .dockercfg .env .envrc .git-credentials .htpasswd .my.cnf .netrc .npmrc .pgpass .pypirc
    .s3cfg .vault_pass _netrc credentials.json id_dsa id_ecdsa id_ecdsa_sk id_ed25519
    id_ed25519_sk id_rsa kubeconfig secrets.json secrets.toml secrets.yaml secrets.yml
    service-account.json service_account.json serviceaccountkey.json
    """
)
"""Files that exist to hold a credential. `.npmrc` and `.pypirc` are here because a token in one
costs more than its few lines of settings are worth to a review."""

SECRET_EXTENSIONS = _words(
    """
    age agekey env jks kdb kdbx key keystore ovpn p12 p8 pem pfx pkcs12 ppk tfstate tfvars
    """
)
"""Keys, key stores, and the state and variables of Terraform, which hold what it deploys."""

SECRET_SHAPES = re.compile(
    r"\.env\..+|client_secret.*\.json|.*\.tfstate\..+|secring\..+|"
    r"(?:gcp|google|firebase).*(?:credentials|key|adminsdk).*\.json"
)
SECRET_PATHS = (".aws/credentials", ".docker/config.json", ".kube/config", ".gem/credentials")
SECRET_MANIFESTS = re.compile(r"(?:.*/)?templates/(?:.*/)?secrets?\.ya?ml")
"""A chart's own template of a secret holds placeholders, and is code worth reviewing."""

TEMPLATE_ENDINGS = (".example", ".sample", ".template", ".dist", ".tmpl")
"""Endings that make a template of a secret file: `.env.example` is meant to be read."""

LOCK_NAMES = _words(
    """
    buildscript-gradle.lockfile bun.lock bun.lockb cabal.project.freeze cargo.lock
    cartfile.resolved chart.lock composer.lock conan.lock conda-lock.yml cpanfile.snapshot
    deno.lock devbox.lock dub.selections.json flake.lock gemfile.lock gems.locked go.sum
    go.work.sum gopkg.lock gradle.lockfile mix.lock module.bazel.lock npm-shrinkwrap.json
    package-lock.json package.resolved packages.lock.json paket.lock pdm.lock pipfile.lock
    pixi.lock pnpm-lock.yaml podfile.lock poetry.lock project.assets.json pubspec.lock pylock.toml
    rebar.lock renv.lock shard.lock stack.yaml.lock .terraform.lock.hcl uv.lock
    verification-metadata.xml yarn.lock
    """
)

VENDORED_FOLDERS = _words(
    """
    3rdparty 3rd-party 3rd_party bower_components jspm_packages node_modules third-party
    third_party thirdparty vendor vendored _vendored
    """
)
"""At any depth. After github-linguist's vendor.yml, without the names that are as often one's
own code (`cache/`, `extern/`, `deps/` below the root)."""

VENDORED_PATHS = re.compile(
    r"deps/|godeps/_workspace/|carthage/(?:build|checkouts)/|"
    r"(?:.*/)?(?:\.yarn/(?:releases|plugins|sdks|cache)|gradle/wrapper|pods)/|(?:.*/)?gradlew(?:\.bat)?$"
)
"""Paths from the root that hold other people's code."""

MINIFIED = re.compile(r".*[.-]min\.(?:js|mjs|cjs|css)|.*\.(?:js|mjs|cjs|css|wasm)\.map")

GENERATED = re.compile(
    r"""
      .*_pb2(?:_grpc)?\.pyi? | .*\.pb(?:\.gw)?\.(?:go|cc|h|swift) | .*_pb\.(?:js|d\.ts|rb) |
      .*\.pbobjc\.[hm] | .*\.(?:g|freezed|gr|mocks)\.dart | .*\.designer\.(?:cs|vb) |
      .*\.g\.(?:i\.)?cs | .*\.g4\.(?:cs|java) | zz_generated[._].* | .*[._]generated\.[a-z]+ |
      .*\.gen\.(?:go|ts|tsx|js|rs) | .*\.(?:snap|pbxproj|xcscheme) | \.pnp\.c?js |
      \.pnp\.loader\.mjs | parser\.tab\.[ch] | lex\.yy\.c
    """,
    re.VERBOSE,
)
"""Names that generators give. A snapshot (`.snap`) is what a test run wrote down."""

GENERATED_PATHS = re.compile(r"(?:.*/)?dist/(?:.*/)?[^/]+\.(?:[cm]?js|css|d\.[cm]?ts)")
"""Committed bundles: every JavaScript action has one."""

# --- by extension -----------------------------------------------------------------------------

MEDIA_EXTENSIONS = _words(
    """
    3gp aac ai aif aiff apng avi avif bmp cur eot eps flac gif heic heif icns ico jfif jp2
    jpeg jpg jxl m4a m4v mid mkv mov mp3 mp4 mpeg mpg ogg ogv opus otf pcx pgm png ppm psd qoi
    sketch svgz tga tif tiff ttc ttf wav webm webp wmv woff woff2 xcf
    """
)
DRAWING_EXTENSIONS = _words("drawio excalidraw svg")
"""Pictures that are text: an `include` can ask for them."""

BINARY_EXTENSIONS = _words(
    """
    7z a aar apk bin br bz2 cab class crx db deb dex dll dmg doc docx dylib egg elc exe gem
    gmo gpg gz hdf5 ipa iso jar jmod ko lib lz lz4 lzma mdb msi nupkg o odp ods odt onnx
    parquet pdb pdf phar ppt pptx pth pyc pyd pyo rar rlib rpm safetensors snk
    so sqlite sqlite3 tar tbz tgz ttb txz war wasm whl xls xlsx xz z zip zst
    """
)

SOURCE_EXTENSIONS = _words(
    """
    ada adb ads agda applescript arb as asm asp aspx astro awk bash bat bicep c c++ cc cfc cfm
    cgi cjs cl clj cljc cljs cls cmd coffee cpp cr cs cshtml csx css cts cu cuh cxx d dart dfm
    dot dpr dts dtsi e ebnf eex el elm ejs erb erl es ex exs f f03 f08 f77 f90 f95 fish fnl for
    frag fs fsi fsx fth ftl g4 gd gdshader gleam glsl gn gni go gohtml gotmpl graphql groovy h
    h++ haml hbs hcl heex hh hlsl hpp hrl hs htm html hx hxx i idl idr inc inl ino ipynb ipp j2
    java jbuilder jinja jinja2 jl js jsm jsonnet jsp jsx kt ktm kts l latte leex less lhs
    libsonnet liquid lisp lua m m4 mako metal mjs mk ml mli mll mly mm mojo move mts mustache
    nas nasm nim nims nix njk nqp nu nut odin p4 pas pcss php php3 php4 php5 phps phpt phtml
    pike pl plx pm pony pp proto prql prw ps1 psd1 psm1 pug purs pxd pxi py pyi pyx qml r rake
    rb rbi rbs re rei res rkt robot roc rs ru s sass scala scm scpt scss sed sh slim smali sml
    sol sparql spec sql ss sss st sty styl stub sv svelte svh swift t tcl templ tf thrift tla
    tmpl toit tpl ts tsx twig typ v vala vb vbs vert vhd vhdl vim vue wat wgsl wit wxss xaml xq
    xquery xsl xslt y yul zig zsh
    """
)
CONFIG_EXTENSIONS = _words(
    """
    bazel bzl cabal cfg cmake cnf conf config csproj dockerfile editorconfig fsproj gemspec
    gradle ini jbuildinfo jsonc json5 kdl mod neon nimble nuspec opam plist podspec pri pro
    prefs properties props pyproject reg rockspec ron service sln slnx socket targets timer toml
    vbproj vcxproj webmanifest work xcconfig xcworkspacedata yaml yml
    """
)
DOCS_EXTENSIONS = _words(
    """
    1 2 3 4 5 6 7 8 adoc asc asciidoc bib changes creole markdown md mdown mdx me mkd mkdn mld
    org pod rd rdoc rmd rst rtf scrbl tex texi texinfo textile txt wiki
    """
)
DATA_EXTENSIONS = _words(
    """
    aml api arff crt cer csr csv dtd eml geojson gpx ics json jsonl kml ldif log ndjson patch diff
    po pot pub resx srt strings tsv vcf vtt wsdl xlf xliff xml xsd xtb
    """
)

# --- by folder and name -----------------------------------------------------------------------

TEST_FOLDERS = re.compile(
    r"""
      tests? | __tests?__ | specs? | __specs?__ | testdata | test[-_]?(?:data|files?|fixtures?|
      cases?|resources|support|utils?|helpers?|packages|apps?|integration|unit) |
      fixtures? | __fixtures__ | __testfixtures__ | __mocks__ | __snapshots__ | e2e | cypress |
      (?:unit|integration|functional|acceptance|regression|system|smoke|conformance)[-_]?tests? |
      .+[-_.]tests | .+\.test
    """,
    re.VERBOSE,
)
TEST_SOURCE_SET = re.compile(r"[a-z0-9]+(?:Test|Tests)")
"""Kotlin's and Gradle's source sets: `commonTest`, `jvmTest`. Matched as written."""

TEST_NAMES = re.compile(
    r"""
      test_.*\.(?:py|rb|c|cc|cpp|sh|lua|jl|php) | conftest\.py |
      .*[_-]tests?\.(?:py|go|rb|ex|exs|dart|c|cc|cpp|cxx|rs|js|ts|lua|php|ml|jl|sh|clj|el|bats) |
      .*_spec\.(?:rb|lua|js|ts|cr) | .*\.(?:test|spec|cy|e2e|stories)(?:-d)?\.[cm]?[jt]sx? |
      tests?\.(?:py|rs|js|ts|go|c|cpp|sh|zig) | .*\.(?:bats|feature|phpt)
    """,
    re.VERBOSE,
)
TEST_TYPES = re.compile(
    r".*[a-z0-9](?:Test|Tests|TestCase|TestBase|Spec|IT)"
    r"\.(?:java|kt|kts|scala|groovy|cs|fs|vb|swift|php|mm?)"
)
"""Classes named after their role. Matched as written, so that `Contest.java` is no test."""

DOCS_FOLDERS = _words(
    """
    .changeset .changes changelog.d changelogs demo demos doc docs documentation example examples
    man news newsfragments samples
    """
)
"""At the root only: `src/docs/parser.py` is source (github-linguist's documentation.yml)."""

CONFIG_FOLDERS = _words(
    """
    .azure-pipelines .azuredevops .buildkite .circleci .cargo .config .devcontainer .gitea
    .github .gitlab .husky .idea .teamcity .vscode
    """
)

DOCS_NAMES = re.compile(
    r"(?:authors|bugs|changelog|changes|citation|code_of_conduct|contributing|"
    r"contributors|copying|copyright|credits|faq|hacking|history|install|licen[cs]e|"
    r"maintainers|manifesto|news|notice|owners|patents|readme|releases?|roadmap|security|"
    r"support|thanks|todo|unlicense|upgrad(?:e|ing))"
    r"(?:[-_.].*)?"
)
"""Names without an extension of code: `LICENSE-MIT`, `README`, `UPGRADE-7.1`."""

CONFIG_NAMES = re.compile(
    r"""
      (?:.*\.)?(?:dockerfile|containerfile|makefile|gnumakefile|bsdmakefile)(?:[.-].+)? |
      (?:requirements|constraints)[^/]*\.(?:txt|in) | cmakelists\.txt | meson(?:_options)?\.\w+ |
      (?:brew|cap|cart|danger|fast|gem|guard|jenkins|just|pip|pod|proc|rake|tilt|vagrant|earth|
      snap|appraisals|berks|cheese|puppet|thor)file | build | workspace | configure(?:\.ac|\.in)? |
      (?:package|composer|tsconfig|jsconfig|deno|bower|lerna|nx|turbo|vercel|now|firebase|app|
      angular|biome|renovate|dependabot|manifest|global|project|rush|components|typedoc|tslint|
      cypress|nodemon|wrangler|netlify|appsettings|launchsettings|cdk|sfdx-project)
      (?:[.-][\w.-]+)?\.json | [\w.-]*(?:config|rc)\.json | (?:pom|build|ivy|web|app|phpunit|
      psalm|phpcs|androidmanifest|settings|log4j2?|logback)(?:\.[\w.-]+)?\.xml(?:\.dist)? |
      manifest\.in | go\.(?:mod|work) | setup\.cfg | py\.typed | codeowners |
      [\w.-]+\.config\.[cm]?[jt]s
    """,
    re.VERBOSE,
)

TEMPLATE_EXTENSIONS = _words(
    "ejs erb gotmpl hbs in j2 jinja jinja2 mako mustache skel stub template tmpl tpl twig"
)
"""A template may begin with the note that its product is generated; it is not generated itself."""

EXTENSION_CLASSES: dict[str, FileClass] = (
    dict.fromkeys(DATA_EXTENSIONS, FileClass.DATA)
    | dict.fromkeys(DOCS_EXTENSIONS, FileClass.DOCS)
    | dict.fromkeys(CONFIG_EXTENSIONS, FileClass.CONFIG)
    | dict.fromkeys(SOURCE_EXTENSIONS, FileClass.SOURCE)
)
