package io.anycastle.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.GuardEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** RFC 7873 with the clients that people have at hand: what BIND's dig and Knot's kdig make of our cookies. */
class CookieClientsTest {
    private static final String CLIENT_COOKIE = "2464c4abcf10c957";
    private static final Pattern DIG_COOKIE = Pattern.compile("; COOKIE: ([0-9a-f]{48}) \\(good\\)");
    private static final Pattern KDIG_COOKIE = Pattern.compile(";; COOKIE: ([0-9A-Fa-f]{48})");
    private static final Pattern ADDRESS =
            Pattern.compile("www\\.example\\.com\\.\\s+300\\s+IN\\s+A\\s+192\\.0\\.2\\.1");

    @AutoClose
    private final ServedZone served = new ServedZone("www 300 A 192.0.2.1");

    @Test
    void dig_is_given_a_cookie_and_shows_it_again() throws Exception {
        DnsService service = start(false);
        String first = dig(service, "+cookie");
        assertThat(first).contains("status: NOERROR").containsPattern(ADDRESS);
        assertThat(service.counters().read(GuardEvent.COOKIES_NEW)).isEqualTo(1);

        String given = cookie(DIG_COOKIE, first);
        String second = dig(service, "+cookie=" + given);
        assertThat(second).contains("; COOKIE: " + given + " (good)").containsPattern(ADDRESS);
        assertThat(service.counters().read(GuardEvent.COOKIES_VALID)).isEqualTo(1);
        assertThat(service.counters().read(GuardEvent.COOKIES_INVALID)).isZero();
    }

    @Test
    void dig_comes_back_with_a_good_cookie_where_one_is_required() throws Exception {
        DnsService service = start(true);
        String refused = dig(service, "+cookie=" + CLIENT_COOKIE, "+nobadcookie");
        assertThat(refused).contains("status: BADCOOKIE").doesNotContainPattern(ADDRESS);
        assertThat(cookie(DIG_COOKIE, refused)).startsWith(CLIENT_COOKIE);

        String answered = dig(service, "+cookie=" + CLIENT_COOKIE, "+badcookie");
        assertThat(answered)
                .contains("BADCOOKIE, retrying")
                .contains("status: NOERROR")
                .containsPattern(ADDRESS);
        assertThat(service.counters().read(GuardEvent.COOKIES_REFUSED)).isEqualTo(2);
        assertThat(service.counters().read(GuardEvent.COOKIES_VALID)).isEqualTo(1);
        assertThat(dig(service, "+nocookie")).contains("status: NOERROR").containsPattern(ADDRESS);
    }

    @Test
    void kdig_is_given_a_cookie_and_shows_it_again() throws Exception {
        DnsService service = start(true);
        String refused = kdig(service, "+cookie=" + CLIENT_COOKIE, "+nobadcookie");
        assertThat(refused).contains("BADCOOKIE").doesNotContainPattern(ADDRESS);
        String given = cookie(KDIG_COOKIE, refused);
        assertThat(kdig(service, "+cookie=" + given)).containsPattern(ADDRESS);
        assertThat(service.counters().read(GuardEvent.COOKIES_VALID)).isEqualTo(1);

        assertThat(kdig(service, "+cookie=" + CLIENT_COOKIE, "+badcookie")).containsPattern(ADDRESS);
        assertThat(service.counters().read(GuardEvent.COOKIES_VALID)).isEqualTo(2);
    }

    private DnsService start(boolean isCookieRequired) throws Exception {
        return served.start(ServedZone.LOOPBACK.withGuard(
                GuardConfig.DEFAULTS.withCookies(CookieConfig.DEFAULTS.withRequired(isCookieRequired))));
    }

    private static String dig(DnsService service, String... options) throws IOException {
        return run("dig", "bind9-dnsutils", service, options);
    }

    private static String kdig(DnsService service, String... options) throws IOException {
        return run("kdig", "knot-dnsutils", service, options);
    }

    /** What the program says about www.example.com; its standard error too. */
    private static String run(String program, String debianPackage, DnsService service, String... options)
            throws IOException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin", program)),
                program + " (Debian's " + debianPackage + ") is not installed");
        int port = ServedZone.address(service).getPort();
        List<String> command = new ArrayList<>(
                List.of(program, "@127.0.0.1", "-p", String.valueOf(port), "www.example.com", "A", "+time=20"));
        command.addAll(List.of(options));
        Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String cookie(Pattern where, String output) {
        Matcher cookie = where.matcher(output);
        assertThat(cookie.find()).as(output).isTrue();
        return cookie.group(1);
    }
}
