package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.core.model.DomainName;
import io.anycastle.dns.ZoneText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of any octets (RFC 2181 section 11), as owners and as targets, of aliases and mail hosts too. */
class AnyOctetsRfc2181Test {
    private final Asking edge = new Asking(ZoneText.active("example.com", """
            Office\\032Printer._ipp._tcp  300 SRV   0 0 631 print\\.er
            Office\\032Printer._ipp._tcp  300 TXT   "ty=x"
            print\\.er                    300 A     192.0.2.1
            print                        300 A     192.0.2.2
            \\042.star                    300 A     192.0.2.3
            alias\\000                    300 CNAME to\\255.out\\\\side
            to\\255.out\\\\side             300 A     192.0.2.4
            away\\036                     300 DNAME away\\064
            x.away\\064                   300 A     192.0.2.5
            post\\040                     300 MX    10 mx\\041
            proxied mx                   1   A     192.0.2.6
            mx\\041                       300 A     192.0.2.7
            """));

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            office\\032printer._ipp._tcp.example.com. ; TXT ; NOERROR aa | Office\\032Printer._ipp._tcp.example.com. TXT ty=x | |
            print\\.er.example.com. ; A ; NOERROR aa | print\\.er.example.com. A 192.0.2.1 | |
            print.er.example.com. ; A ; NXDOMAIN aa | | example.com. SOA |
            any.star.example.com. ; A ; NOERROR aa | any.star.example.com. A 192.0.2.3 | |
            alias\\000.example.com. ; A ; NOERROR aa | alias\\000.example.com. CNAME to\\255.out\\\\side.example.com., to\\255.out\\\\side.example.com. A 192.0.2.4 | |
            x.away\\$.example.com. ; A ; NOERROR aa | away\\$.example.com. DNAME away\\@.example.com., x.away\\$.example.com. CNAME x.away\\@.example.com., x.away\\@.example.com. A 192.0.2.5 | |
            post\\(.example.com. ; MX ; NOERROR aa | post\\(.example.com. MX 10 mx\\).example.com. | | mx\\).example.com. A 192.0.2.7
            """)
    void a_name_with_such_labels_is_found_and_led_on(String name, String type, String expected) {
        assertThat(edge.told(name, type).toLowerCase(java.util.Locale.ROOT))
                .isEqualTo(expected.toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void each_octet_that_a_label_may_have_is_an_owner_of_its_own() {
        StringBuilder lines = new StringBuilder();
        for (int octet = 0; octet < 256; octet++) {
            if (octet < 'A' || octet > 'Z') {
                lines.append("o\\%03d 300 TXT \"%d\"\n".formatted(octet, octet));
            }
        }
        Asking all = new Asking(ZoneText.active("example.org", lines.toString()));
        for (int octet = 0; octet < 256; octet++) {
            int lower = octet >= 'A' && octet <= 'Z' ? octet + 32 : octet;
            assertThat(all.told("o\\%03d.example.org.".formatted(octet), "TXT"))
                    .as("octet %s, %s", octet, DomainName.of("o\\%03d".formatted(octet)))
                    .contains(" TXT " + lower + " |");
        }
    }
}
