package io.anycastle.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.anycastle.dns.DnsConfig;
import io.anycastle.dns.ZoneText;
import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.CookieSecret;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.GuardEvent;
import io.anycastle.dns.guard.RateLimitConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** RFC 7873 and RFC 9018: DNS cookies, as a client sees them. */
class CookiesRfc9018Test {
    private static final int COOKIE = 10;
    private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
    private static final String CLIENT = "198.51.100.100";
    private static final long BORN = 1559731985;
    private static final String CLIENT_COOKIE = "2464c4abcf10c957";
    private static final String GOOD_COOKIE = CLIENT_COOKIE + "010000005cf79f111f8130c3eee29480";

    private final AtomicLong now = new AtomicLong(BORN);
    private final InstantSource clock = () -> Instant.ofEpochSecond(now.get());

    private Asking edge(CookieConfig cookies) {
        GuardConfig guard = GuardConfig.DEFAULTS
                .withCookies(cookies)
                .withRateLimit(RateLimitConfig.DEFAULTS.withRates(10).withSlip(1));
        return new Asking(
                DnsConfig.DEFAULTS.withAnswers(Asking.CONFIG).withGuard(guard),
                clock,
                ZoneText.active("example.com", "@ 300 A 192.0.2.34"));
    }

    private static CookieConfig secret(String hex, String previous) {
        return CookieConfig.DEFAULTS.withSecrets(
                CookieSecret.ofHex(hex),
                Optional.of(previous).filter(p -> !p.isEmpty()).map(CookieSecret::ofHex));
    }

    private static Message query(String cookie) {
        Message query = Asking.query("example.com.", "A");
        EDNSOption option = new GenericEDNSOption(COOKIE, HexFormat.of().parseHex(cookie));
        query.addRecord(new OPTRecord(4096, 0, 0, 0, List.of(option)), Section.ADDITIONAL);
        return query;
    }

    private static Message answer(Asking edge, String client, Message query) {
        try {
            return new Message(edge.raw(query.toWire(), Asking.from(Transport.UDP, client)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The cookie in hexadecimal digits; empty without one. */
    private static String cookie(Message answer) {
        return answer.getOPT().getOptions(COOKIE).stream()
                .map(option -> HexFormat.of().formatHex(option.toWire()).substring(8))
                .findFirst()
                .orElse("");
    }

    /** RFC 9018 appendix A; the third has octets set that are reserved, and is looked at while it is good. */
    @ParameterizedTest
    @CsvSource(textBlock = """
        e5e973e5a6b2a43f48e7dc849e37bfcf, '', 198.51.100.100, 1559731985, 2464c4abcf10c957,                                 2464c4abcf10c957010000005cf79f111f8130c3eee29480, false
        e5e973e5a6b2a43f48e7dc849e37bfcf, '', 198.51.100.100, 1559734385, 2464c4abcf10c957010000005cf79f111f8130c3eee29480, 2464c4abcf10c957010000005cf7a871d4a564a1442aca77, true
        e5e973e5a6b2a43f48e7dc849e37bfcf, '', 203.0.113.203,  1559727985, fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5, fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5, true
        e5e973e5a6b2a43f48e7dc849e37bfcf, '', 203.0.113.203,  1559734700, fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5, fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e, false
        445536bcd2513298075a5d379663c962, dd3bdf9344b678b185a6f5cb60fca715, 2001:db8:220:1:59de:d0f4:8769:82b8, 1559741961, 22681ab97d52c298010000005cf7c57926556bd0934c72f8, 22681ab97d52c298010000005cf7c57926556bd0934c72f8, true
        445536bcd2513298075a5d379663c962, dd3bdf9344b678b185a6f5cb60fca715, 2001:db8:220:1:59de:d0f4:8769:82b8, 1559741961, 22681ab97d52c298,                                 22681ab97d52c298010000005cf7c609a6bb79d16625507a, false
        """)
    void the_vectors_of_the_rfc_come_out(
            String secret, String previous, String client, long time, String asked, String answered, boolean valid) {
        now.set(time);
        Asking edge = edge(secret(secret, previous));
        Message answer = answer(edge, client, query(asked));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(cookie(answer)).isEqualTo(answered);
        assertThat(edge.counters.read(GuardEvent.COOKIES_VALID)).isEqualTo(valid ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "-301, false, ''",
        "-300, true, new",
        "0, true, same",
        "1800, true, same",
        "1801, true, new",
        "3600, true, new",
        "3601, false, new"
    })
    void a_cookie_is_good_for_an_hour_and_five_minutes_ahead_and_made_anew_after_half_of_it(
            int age, boolean valid, String which) {
        now.set(BORN + age);
        Asking edge = edge(secret(SECRET, ""));
        Message answer = answer(edge, CLIENT, query(GOOD_COOKIE));
        assertThat(edge.counters.read(GuardEvent.COOKIES_VALID)).isEqualTo(valid ? 1 : 0);
        assertThat(edge.counters.read(GuardEvent.COOKIES_INVALID)).isEqualTo(valid ? 0 : 1);
        assertThat(cookie(answer).equals(GOOD_COOKIE)).isEqualTo(which.equals("same"));
        assertThat(cookie(answer)).startsWith(CLIENT_COOKIE).hasSize(48);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.101, 0, 00",
        "198.51.100.100, 0, 01",
        "198.51.100.100, 8, 02",
        "198.51.100.100, 9, 01",
        "198.51.100.100, 15, 10",
        "198.51.100.100, 16, 80",
        "198.51.100.100, 23, 01"
    })
    void a_cookie_of_another_client_or_with_an_octet_changed_is_none_of_ours(String client, int at, String bits) {
        byte[] cookie = HexFormat.of().parseHex(GOOD_COOKIE);
        cookie[at] ^= HexFormat.of().parseHex(bits)[0];
        now.set(BORN + 1);
        Asking edge = edge(secret(SECRET, ""));
        Message answer = answer(edge, client, query(HexFormat.of().formatHex(cookie)));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(edge.counters.read(GuardEvent.COOKIES_INVALID)).isEqualTo(1);
        assertThat(cookie(answer)).hasSize(48).isNotEqualTo(GOOD_COOKIE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 9, 12, 15, 41, 64})
    void a_length_that_no_cookie_has_is_a_format_error(int octets) {
        Message answer = answer(edge(secret(SECRET, "")), CLIENT, query("00".repeat(octets)));
        assertThat(answer.getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(cookie(answer)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 23, 25, 32, 40})
    void a_cookie_of_another_kind_of_server_is_answered_with_one_of_ours(int octets) {
        Message answer = answer(edge(secret(SECRET, "")), CLIENT, query(CLIENT_COOKIE + "ff".repeat(octets - 8)));
        assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(cookie(answer)).isEqualTo(GOOD_COOKIE);
    }

    @Test
    void who_shows_a_good_cookie_is_not_limited_and_who_shows_another_is_sent_to_get_one() {
        Asking edge = edge(secret(SECRET, ""));
        for (int i = 0; i < 50; i++) {
            assertThat(answer(edge, CLIENT, query(GOOD_COOKIE)).getSection(Section.ANSWER))
                    .hasSize(1);
        }
        for (int i = 0; i < 50; i++) {
            Message answer = answer(edge, CLIENT, query(CLIENT_COOKIE));
            assertThat(answer.getRcode()).isEqualTo(i < 10 ? Rcode.NOERROR : Rcode.BADCOOKIE);
            assertThat(answer.getSection(Section.ANSWER)).hasSize(i < 10 ? 1 : 0);
            assertThat(cookie(answer)).isEqualTo(GOOD_COOKIE);
        }
        assertThat(edge.counters.read(GuardEvent.COOKIES_REFUSED)).isEqualTo(40);
    }

    @Test
    void where_cookies_are_required_a_client_that_knows_them_must_show_a_good_one_over_udp() {
        Asking edge = edge(secret(SECRET, "").withRequired(true));
        Message refused = answer(edge, CLIENT, query(CLIENT_COOKIE));
        assertThat(refused.getRcode()).isEqualTo(Rcode.BADCOOKIE);
        assertThat(refused.getSection(Section.ANSWER)).isEmpty();
        assertThat(answer(edge, CLIENT, query(cookie(refused))).getSection(Section.ANSWER))
                .hasSize(1);
        assertThat(answer(edge, CLIENT, Asking.query("example.com.", "A")).getSection(Section.ANSWER))
                .as("who knows no cookies")
                .hasSize(1);
        Message byTcp = edge.ask(query(CLIENT_COOKIE).toWire(), Transport.TCP);
        assertThat(byTcp.getSection(Section.ANSWER)).hasSize(1);
    }

    @Test
    void a_cookie_can_be_asked_for_without_a_question() {
        Asking edge = edge(secret(SECRET, ""));
        assertThat(alone(edge, CLIENT_COOKIE)).isEqualTo("NOERROR " + GOOD_COOKIE);
        assertThat(alone(edge, GOOD_COOKIE)).isEqualTo("NOERROR " + GOOD_COOKIE);
        assertThat(alone(edge, CLIENT_COOKIE + "ff".repeat(16))).isEqualTo("BADCOOKIE " + GOOD_COOKIE);
        assertThat(alone(edge, "00")).isEqualTo("FORMERR ");
        assertThat(alone(edge(CookieConfig.DEFAULTS.withEnabled(false)), CLIENT_COOKIE))
                .isEqualTo("FORMERR ");
    }

    private static String alone(Asking edge, String cookie) {
        Message query = query(cookie);
        query.removeAllRecords(Section.QUESTION);
        Message answer = answer(edge, CLIENT, query);
        return Rcode.string(answer.getRcode()) + " " + cookie(answer);
    }

    @Test
    void where_cookies_are_off_nobody_gets_one() {
        Asking edge = edge(secret(SECRET, "").withEnabled(false));
        Message answer = answer(edge, CLIENT, query(GOOD_COOKIE));
        assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
        assertThat(cookie(answer)).isEmpty();
    }

    @Test
    void nodes_that_share_a_key_take_each_others_cookies_over_a_rollover() {
        byte[] key = "a key of the cluster".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        CookieConfig shared = CookieConfig.DEFAULTS.withSharedKey(() -> Optional.of(key));
        long midnight = 1559779200;
        now.set(midnight - 600);
        String made = cookie(answer(edge(shared), CLIENT, query(CLIENT_COOKIE)));
        now.set(midnight + 60);
        Asking other = edge(shared);
        answer(other, CLIENT, query(made));
        assertThat(other.counters.read(GuardEvent.COOKIES_VALID)).isEqualTo(1);
        String ahead = cookie(answer(other, CLIENT, query(CLIENT_COOKIE)));
        now.set(midnight - 60);
        Asking behind = edge(shared);
        answer(behind, CLIENT, query(ahead));
        assertThat(behind.counters.read(GuardEvent.COOKIES_VALID)).isEqualTo(1);
        Asking stranger = edge(CookieConfig.DEFAULTS);
        answer(stranger, CLIENT, query(ahead));
        assertThat(stranger.counters.read(GuardEvent.COOKIES_VALID)).isZero();
    }
}
