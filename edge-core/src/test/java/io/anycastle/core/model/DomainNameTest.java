package io.anycastle.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

/** Names: RFC 1035 sections 2.3 and 3.1, RFC 4034 section 6.1, RFC 4592 section 2.1. */
class DomainNameTest {
    private static DomainName name(String text) {
        return DomainName.of(text);
    }

    @ParameterizedTest
    @CsvSource({
        "Example.COM.,example.com",
        "example.com,example.com",
        "*.example.com,*.example.com",
        "_dmarc.example.com,_dmarc.example.com",
        "0/25.2.0.192.in-addr.arpa,0/25.2.0.192.in-addr.arpa",
        "B\u00dcCHER.example,xn--bcher-kva.example"
    })
    void a_name_is_stored_in_lower_case_ascii_without_the_final_dot(String spelled, String stored) {
        assertThat(name(spelled)).hasToString(stored);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                ".a",
                "a..b",
                "a b",
                "a\n",
                "\u0000",
                "a\\",
                "a\\1",
                "a\\25x",
                "a\\256",
                "a\\\n",
                "\\032b\u00fc.example",
                "https://www.example.com"
            })
    void what_is_no_name_is_refused(String spelled) {
        assertThatThrownBy(() -> name(spelled)).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void labels_have_at_most_63_octets_and_names_255() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(name(longest).wire()).hasSize(255);
        assertThatThrownBy(() -> name(longest + "a")).isInstanceOf(InvalidNameException.class);
        assertThatThrownBy(() -> name(label + "a.example")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void the_wire_form_is_that_of_dnsjava() throws Exception {
        for (String text : List.of("a", "www.example.com", "*.x", "_443._tcp.www.example.com")) {
            assertThat(name(text).wire()).isEqualTo(Name.fromString(text + ".").toWire());
        }
        assertThat(DomainName.ROOT.wire()).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource({
        "@,example.com",
        "www,www.example.com",
        "www.example.com,www.example.com",
        "www.example.com.,www.example.com",
        "example.com,example.com",
        "notexample.com,notexample.com.example.com"
    })
    void a_name_in_a_zone_is_relative_unless_it_lies_there(String spelled, String meant) {
        assertThat(DomainName.inZone(spelled, name("example.com"))).hasToString(meant);
    }

    @Test
    void an_absolute_name_outside_the_zone_is_refused() {
        assertThatThrownBy(() -> DomainName.inZone("www.example.org.", name("example.com")))
                .hasMessageContaining("must lie in the zone example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "a.example.com,example.com,true,true",
        "example.com,example.com,true,false",
        "notexample.com,example.com,false,false",
        "com,example.com,false,false",
        "a.b.example.com,example.com,true,true"
    })
    void at_or_below_counts_whole_labels(String one, String other, boolean isAtOrBelow, boolean isBelow) {
        assertThat(name(one).isAtOrBelow(name(other))).isEqualTo(isAtOrBelow);
        assertThat(name(one).isBelow(name(other))).isEqualTo(isBelow);
        assertThat(name(one).isAtOrBelow(DomainName.ROOT)).isTrue();
    }

    @Test
    void names_are_ordered_canonically_as_in_rfc_4034() {
        List<DomainName> order = java.util.stream.Stream.of(
                        "example",
                        "a.example",
                        "yljkjljk.a.example",
                        "z.a.example",
                        "zabc.a.example",
                        "z.example",
                        "*.z.example")
                .map(DomainName::of)
                .toList();
        List<DomainName> shuffled = new java.util.ArrayList<>(order);
        Collections.shuffle(shuffled, new Random(7));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(order);
        assertThat(DomainName.ROOT).isLessThan(order.getFirst());
    }

    @Test
    void the_order_is_that_of_dnsjava_for_any_names() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            String a = random(random);
            String b = random(random);
            int theirs = Name.fromString(a + ".").compareTo(Name.fromString(b + "."));
            assertThat(Integer.signum(name(a).compareTo(name(b))))
                    .as("%s %s", a, b)
                    .isEqualTo(Integer.signum(theirs));
        }
    }

    private static String random(Random random) {
        StringBuilder text = new StringBuilder();
        for (int labels = 1 + random.nextInt(3); labels > 0; labels--) {
            text.append(text.isEmpty() ? "" : ".");
            for (int chars = 1 + random.nextInt(2); chars > 0; chars--) {
                text.append("ab-_*0".charAt(random.nextInt(6)));
            }
        }
        return text.toString();
    }

    @Test
    void only_a_left_most_label_that_is_a_single_asterisk_is_a_wildcard() {
        assertThat(name("*.example.com").isWildcard()).isTrue();
        assertThat(name("*").isWildcard()).isTrue();
        assertThat(name("*a.example.com").isWildcard()).isFalse();
        assertThat(name("a.*.example.com").isWildcard()).isFalse();
        assertThat(name("example.com").wildcardChild()).hasToString("*.example.com");
    }

    @Test
    void a_parent_has_one_label_less() {
        assertThat(name("a.b").parent()).contains(name("b"));
        assertThat(name("b").parent()).contains(DomainName.ROOT);
        assertThat(DomainName.ROOT.parent()).isEmpty();
        assertThat(name("a.b.c").labelCount()).isEqualTo(3);
        assertThat(DomainName.ROOT.labelCount()).isZero();
    }

    @Test
    void a_name_relative_to_its_zone_is_short() {
        assertThat(name("www.example.com").relativeTo(name("example.com"))).isEqualTo("www");
        assertThat(name("example.com").relativeTo(name("example.com"))).isEqualTo("@");
        assertThat(name("www.example.org").relativeTo(name("example.com"))).isEqualTo("www.example.org");
    }

    @ParameterizedTest
    @CsvSource({
        "\\052.foo,*.foo",
        "\\042.foo,*.foo",
        "a.\\052.foo,a.4.foo",
        "\\052a.foo,4a.foo",
        "\\119ww,www",
        "\\087ww,www",
        "Office\\032Printer._ipp._tcp.example,office\\032printer._ipp._tcp.example",
        "john\\.doe.example.org.,john\\.doe.example.org",
        "john\\046doe.example.org.,john\\.doe.example.org",
        "a\\.,a\\.",
        "a\\\\.b.,a\\\\.b",
        "\\@.example,\\@.example",
        "a@b.example,a\\@b.example",
        "a:b!#+=.example,a:b!#+=.example",
        "\\000\\255.example,\\000\\255.example",
        "a\\032b.b\u00fccher.example,a\\032b.xn--bcher-kva.example",
        "x:\\//y.example,x:\\//y.example"
    })
    void escapes_are_read_and_written_as_in_rfc_4343(String spelled, String stored) {
        assertThat(name(spelled)).hasToString(stored);
        assertThat(name(stored)).isEqualTo(name(spelled));
        assertThat(name(stored + ".")).isEqualTo(name(spelled));
    }

    private static byte[] anyWire(Random random) {
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        for (int labels = 1 + random.nextInt(4); labels > 0; labels--) {
            byte[] label = new byte[1 + random.nextInt(5)];
            for (int i = 0; i < label.length; i++) {
                label[i] = (byte)
                        (random.nextInt(4) == 0 ? ".\\\"@$;()/: *".charAt(random.nextInt(12)) : random.nextInt(256));
            }
            wire.write(label.length);
            wire.writeBytes(label);
        }
        wire.write(0);
        return wire.toByteArray();
    }

    @Test
    void any_octets_in_labels_have_a_text_that_gives_them_back_to_us_and_to_dnsjava() throws Exception {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            Name theirs = new Name(anyWire(random));
            DomainName ours = DomainName.read(java.nio.ByteBuffer.wrap(theirs.toWire()));
            assertThat(ours.wire()).isEqualTo(theirs.toWireCanonical());
            assertThat(name(ours.toString())).isEqualTo(ours);
            assertThat(name(ours + ".")).isEqualTo(ours);
            assertThat(Name.fromString(ours + ".")).isEqualTo(theirs);
            assertThat(ours.labelCount()).isEqualTo(theirs.labels() - 1);
            assertThat(ours.isWildcard()).isEqualTo(theirs.isWild());
        }
    }

    @Test
    void the_order_of_any_names_and_what_lies_below_what_is_that_of_dnsjava() throws Exception {
        Random random = new Random(17);
        for (int i = 0; i < 20_000; i++) {
            Name a = new Name(anyWire(random));
            Name b = random.nextInt(3) == 0 ? new Name(a, 1) : new Name(anyWire(random));
            DomainName ourA = DomainName.read(java.nio.ByteBuffer.wrap(a.toWire()));
            DomainName ourB = DomainName.read(java.nio.ByteBuffer.wrap(b.toWire()));
            assertThat(Integer.signum(ourA.compareTo(ourB)))
                    .as("%s %s", a, b)
                    .isEqualTo(Integer.signum(a.compareTo(b)));
            assertThat(ourA.isAtOrBelow(ourB)).as("%s %s", a, b).isEqualTo(a.subdomain(b));
        }
    }

    @Test
    void a_dot_in_a_label_ends_no_label() {
        assertThat(name("a\\.example.com").isAtOrBelow(name("example.com"))).isFalse();
        assertThat(name("a\\.b.example.com").parent()).contains(name("example.com"));
        assertThat(DomainName.inZone("a\\.", name("example.com"))).hasToString("a\\..example.com");
        assertThat(name("a\\.b.example.com").relativeTo(name("example.com"))).isEqualTo("a\\.b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example\u0000", "\u0001", "\u00c0\u0000", "\u0001a", "@a\u0000"})
    void octets_that_are_no_name_are_refused(String octets) {
        assertThatThrownBy(() -> DomainName.read(
                        java.nio.ByteBuffer.wrap(octets.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))))
                .isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com,true",
        "*.example.com,true",
        "_a.b-c,true",
        "a*b.c,false",
        "a/b.c,false",
        "a\\032b.c,false",
        "a\\.b.c,false",
        "a!b.c,false"
    })
    void a_host_name_has_letters_digits_hyphens_and_underscores(String spelled, boolean isHostName) {
        assertThat(name(spelled).isHostName()).isEqualTo(isHostName);
    }
}
