#!/usr/bin/env bash
# What the compiler cannot hold: where a framework may be named, and which SQL both engines take.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
refuse() { # refuse WHY PATTERN PATH… : no line below PATH may match
    local why=$1 pattern=$2
    shift 2
    if grep -rnE -e "$pattern" "$@"; then
        echo "lint: $why" >&2
        failed=1
    fi
}

# A framework is named in one place (DESIGN: house).
outside() { find Sources -name '*.swift' | grep -vE "$1"; }
# shellcheck disable=SC2046
{
    refuse "GRDB and SQLite belong to GemInventory/Store" '^(package |public )?import GRDB' $(outside '^Sources/GemInventory/Store/')
    refuse "libpq belongs to GemInventory/Store/Postgres*" '^(package |public )?import CPostgres' $(outside '^Sources/GemInventory/Store/Postgres')
    refuse "libjpeg belongs to GemInventory/Images" '^(package |public )?import CJPEG$' $(outside '^Sources/GemInventory/Images/')
    refuse "zlib and expat belong to GemTable, zlib to status lists too" '^(package |public )?import C(Zlib|Expat)' $(outside '^Sources/GemTable/|^Sources/GemCert/Status/')
    refuse "libqrencode belongs to GemCert/QR" '^(package |public )?import CQREncode' $(outside '^Sources/GemCert/QR/')
    refuse "cairo and pango belong to GemPrint" '^(package |public )?import CPango' $(outside '^Sources/GemPrint/')
    refuse "OpenSSL belongs to GemCert and GemCrypto" '^(package |public )?import COpenSSL' $(outside '^Sources/Gem(Cert|Crypto)/')
    refuse "HTTP belongs to the daemon and its client" '^(package |public )?import (Hummingbird|NIO)' $(outside '^Sources/(gemd|gemctl)/|^Sources/GemInventory/Store/')
}
refuse "GemModel knows no files, clock or network" '^(package |public )?import (Foundation|Glibc|Dispatch)' Sources/GemModel
refuse "GemMarket is pure" '^(package |public )?import (Foundation|Glibc|Dispatch)' Sources/GemMarket
refuse "a double never reaches a document" 'encode\(.*Double' Sources/GemMarket Sources/GemCert

# The portable subset of SQL (STYLE §5); what engines spell differently is a token of Schema.swift, or in TextIndex.swift.
sql=$(find Sources/GemInventory -name '*.swift' ! -name Schema.swift ! -name TextIndex.swift ! -name SQLiteDatabase.swift ! -name 'Postgres*.swift')
# shellcheck disable=SC2086
{
    refuse "name the columns" 'SELECT \*' $sql
    refuse "pages go by key" '\bOFFSET\b' $sql
    refuse "use ON CONFLICT" 'INSERT OR |REPLACE INTO' $sql
    refuse "LIKE on text differs between engines" '\bI?LIKE\b' $sql
    refuse "time comes in as a value" '\bnow\(\)( |,|\))[A-Z]|CURRENT_TIMESTAMP|datetime\(' $sql
    refuse "JSON operators belong to Schema and Search" '->>|json_extract' $sql
    refuse "no engine's own features" 'AUTOINCREMENT|CREATE TRIGGER|FOR UPDATE|SKIP LOCKED|group_concat|string_agg|rowid' $sql
    refuse "values are interpolated as arguments, never pasted" 'SQL\(stringLiteral:' $sql
}

# Unfinished work is an issue, not a comment.
refuse "two versions were never brought together" '^(<<<<<<<|>>>>>>>) ' Sources Tests docs ./*.md Makefile etc
refuse "finish it, or name the issue" 'TODO|FIXME|\bXXX\b|fatalError\("(not|un)' Sources

# A command that nothing names cannot be typed.
for command in $(grep -rhoE 'struct [A-Za-z]+: AsyncParsableCommand' Sources/gemctl | sed 's/struct //; s/:.*//' | sort -u); do
    [ "$command" = Gemctl ] || grep -rqw "$command\.self" Sources/gemctl ||
        { echo "lint: gemctl's $command is no subcommand of anything" >&2; failed=1; }
done

# gemctl speaks two languages.
python3 Tests/catalogue.py || { echo "lint: put it into Sources/gemctl/Catalogue, or take it out there" >&2; failed=1; }
exit $failed
