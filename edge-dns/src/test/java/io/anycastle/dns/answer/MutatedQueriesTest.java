package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.ZoneText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;

/** Broken queries, hundreds of thousands of them: an answer fits its query and its size, or there is none. */
class MutatedQueriesTest {
    private static final int PACKETS = 250_000;

    private final Asking edge = new Asking(ZoneText.active(
            "example.com", """
            @     300 A     192.0.2.1
            *.w   300 TXT   "some text"
            big   300 TXT   "%s"
            alias 300 CNAME x.w
            child 300 NS    ns.child
            ns.child 300 A  192.0.2.2
            old   300 DNAME w
            mx    300 MX    5 x.w
            svc   300 HTTPS 1 . alpn=h2
            proxied blog 1 A 192.0.2.3
            """.formatted("x".repeat(250) + "\" \"" + "y".repeat(250) + "\" \"" + "z".repeat(250))));

    @ParameterizedTest
    @ValueSource(longs = 20260101)
    void a_mutated_query_gets_a_fitting_answer_or_none(long seed) throws IOException {
        mutate(seed, PACKETS);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void millions_of_mutated_queries_get_fitting_answers_or_none(long seed) throws IOException {
        mutate(seed, 20 * PACKETS);
    }

    private void mutate(long seed, int packets) throws IOException {
        Random random = new Random(seed);
        List<byte[]> queries = queries();
        int answered = 0;
        for (int i = 0; i < packets; i++) {
            byte[] query = mutated(queries.get(random.nextInt(queries.size())).clone(), random);
            Transport transport = random.nextInt(4) == 0 ? Transport.TCP : Transport.UDP;
            byte[] answer = edge.raw(query, transport);
            if (answer.length > 0) {
                answered++;
                WireChecks.fits(query, answer, transport);
            }
        }
        assertThat(answered).isBetween(packets / 3, packets - 1);
    }

    private static byte[] mutated(byte[] query, Random random) {
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(query.length);
            switch (random.nextInt(6)) {
                case 0 -> query[at] = (byte) random.nextInt();
                case 1 -> query[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> query[2 + random.nextInt(10)] = (byte) random.nextInt(4);
                case 3 -> query = Arrays.copyOf(query, 1 + random.nextInt(query.length));
                case 4 -> query = Arrays.copyOf(query, query.length + random.nextInt(40));
                default -> query[at] = (byte) (0xc0 | random.nextInt(64));
            }
            if (query.length < 12) {
                return query;
            }
        }
        return query;
    }

    private static List<byte[]> queries() {
        List<byte[]> queries = new ArrayList<>();
        for (String name : List.of(
                "example.com.",
                "x.w.example.com.",
                "BIG.example.com.",
                "alias.example.com.",
                "deep.child.example.com.",
                "blog.example.com.",
                "mx.example.com.",
                "a.b.old.example.com.",
                "nothing.example.com.",
                "example.org.",
                ".")) {
            for (String type : List.of("A", "TXT", "ANY", "NS", "DS", "IXFR", "MX", "CNAME")) {
                queries.add(Asking.query(name, type).toWire());
                Message edns = Asking.query(name, type);
                edns.addRecord(new org.xbill.DNS.OPTRecord(4096, 0, 0, 0x8000), Section.ADDITIONAL);
                queries.add(edns.toWire());
                Message signed = Asking.query(name, type);
                new TSIG(TSIG.HMAC_SHA256, "key.", "c2VjcmV0").apply(signed, null);
                queries.add(signed.toWire());
            }
        }
        return queries;
    }
}
