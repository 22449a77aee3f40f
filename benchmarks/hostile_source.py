"""What hostile source costs a grammar: short pieces, repeated, in every language.

    python benchmarks/hostile_source.py SIZE_BYTES [--worst 20]

Prints the processor time of parsing and of both queries, the worst first, and what the process
took of the memory. Nothing holds the grammars here: beyond 10 kB this can take hours.
"""

from __future__ import annotations

import argparse
import resource
from time import process_time

from reviewer.index.languages import Language
from reviewer.index.lookup import parsed

PIECES = (
    *("class A : ", "a ? b : ", "[", "(", "{", "${", "x = {a: ", "f(", "a.", "<", "a<", '"${'),
    *("`${", "if ", "if(", "((", "$((", "case ", "x = ", "def f(", "class A {", "fn f() {"),
    *("a ? ", "@a ", "*", "&", "-", "!", "a b ", "<<A\n", "'", '"', "a[", "a->", "=> ", "x => "),
    *("(a) ", "(a, ", "<a ", "</", "#if A\n", "return ", "new ", "new A<", "[a for ", "a:b "),
    *("| ", "a | ", "; ", ")", "}", "]", "%", "template<", "where T : ", "else ", "try { "),
    *("\n  a", "lambda: ", "await ", "in ", "let ", "do ", "$a", "a::", "a,", "1 ", "\0", "a="),
    *("a=(", "for(", "while(", "/*", "//", "${a:-", "$(", "a && ", "a?.", "a!", "#", "%w(", "#{"),
    *('"#{', "::", "typedef ", "a *", "(a *", "int a(", "int (*"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size_bytes", type=int)
    parser.add_argument("--worst", type=int, default=20)
    arguments = parser.parse_args()
    rows = []
    for language in Language:
        parsed("", b"a", language)  # loads the grammar and the queries
        head = "<?php " if language is Language.PHP else ""
        for piece in PIECES:
            source = (head + piece * (arguments.size_bytes // len(piece))).encode()
            start = process_time()
            parsed("", source, language)
            rows.append((process_time() - start, language.value, piece))
    for seconds, language_name, piece in sorted(rows, reverse=True)[: arguments.worst]:
        print(f"{seconds:7.3f} s  {language_name:10}  {piece!r}")
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"at its peak the process took {peak_kb // 1024:,} MB")


if __name__ == "__main__":
    main()
