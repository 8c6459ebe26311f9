#!/bin/sh
# Expected: a DNS library takes each octet string and text that RFC 3123 allows for APL, as BIND, Knot DNS and NSD do.
# Instead:  dnsjava turns an IPv6 prefix of an IPv4-mapped address (::ffff:0:0/96) into an IPv4 address, because Java's InetAddress does,
#           and then refuses its prefix length. The record cannot be read, and a message that holds it cannot be parsed.
# Here:     PrefixesForm reads and writes APL itself.
set -eu
version=3.7.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<XML
<project><modelVersion>4.0.0</modelVersion><groupId>f</groupId><artifactId>f</artifactId><version>1</version>
<dependencies><dependency><groupId>dnsjava</groupId><artifactId>dnsjava</artifactId><version>$version</version></dependency></dependencies></project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
cat >Probe.java <<'JAVA'
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

public class Probe {
    public static void main(String[] args) throws Exception {
        for (String text : new String[] {"2:2001:db8::/32", "2:::ffff:192.0.2.1/128"}) {
            try {
                System.out.println(text + ": " + org.xbill.DNS.Record.fromString(Name.root, Type.APL, DClass.IN, 0, text, Name.root).rdataToString());
            } catch (IllegalArgumentException e) {
                System.out.println(text + ": " + e.getMessage());
            }
        }
    }
}
JAVA
seen=$(java -cp 'lib/*' Probe.java 2>/dev/null)
echo "dnsjava $version"
echo "$seen"
[ "$seen" = "2:2001:db8::/32: 2:2001:db8:0:0:0:0:0:0/32
2:::ffff:192.0.2.1/128: invalid prefix length" ] || { echo "changed"; exit 1; }
