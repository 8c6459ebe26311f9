package io.anycastle.app.config;

import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.Cidr;
import io.anycastle.dns.guard.CookieConfig;
import io.anycastle.dns.guard.CookieSecret;
import io.anycastle.dns.guard.GuardConfig;
import io.anycastle.dns.guard.RandomLabelConfig;
import io.anycastle.dns.guard.RateLimitConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that the guard of the DNS service reads. */
public final class DnsGuardKeys {
    private static final KeyList KEYS = new KeyList();
    private static final Networks NETWORKS = Networks.DEFAULTS;
    private static final RateLimitConfig RATES = RateLimitConfig.DEFAULTS;
    private static final RandomLabelConfig RANDOM = RandomLabelConfig.DEFAULTS;
    private static final CookieConfig COOKIE = CookieConfig.DEFAULTS;

    public static final Key<List<Cidr>> EXEMPT = KEYS.key(
            "dns.guard.exempt",
            Shapes.listOf(Shapes.network(), 0),
            NETWORKS.exempt(),
            "Networks of clients that no limit of the DNS service applies to.");
    public static final Key<Integer> IPV4_PREFIX = KEYS.key(
            "dns.guard.ipv4-prefix",
            Shapes.number(8, 32),
            NETWORKS.ipv4Prefix(),
            "Clients whose IPv4 addresses agree in so many bits share their limits.");
    public static final Key<Integer> IPV6_PREFIX = KEYS.key(
            "dns.guard.ipv6-prefix",
            Shapes.number(16, 64),
            NETWORKS.ipv6Prefix(),
            "Clients whose IPv6 addresses agree in so many bits share their limits.");
    public static final Key<Integer> TCP_CONNECTIONS = KEYS.key(
            "dns.guard.connections",
            Shapes.number(1, 1_000_000),
            GuardConfig.DEFAULTS.connectionsMax(),
            "Connections of one network of clients at a time.");

    public static final Key<Duration> LOG_INTERVAL = KEYS.key(
            "dns.guard.log-interval",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
            GuardConfig.DEFAULTS.logInterval(),
            "How often what was limited is told in the log, a line each time.");
    public static final Key<Boolean> RATE_LIMIT = KEYS.key(
            "dns.rate-limit.enabled",
            Shapes.flag(),
            RATES.enabled(),
            "Whether answers over UDP are limited for each network of clients. Answers by TCP never are.");
    public static final Key<Boolean> DRY_RUN = KEYS.key(
            "dns.rate-limit.dry-run",
            Shapes.flag(),
            RATES.dryRun(),
            "Whether answers over a limit are counted and told, but sent.");
    public static final Key<Integer> ANSWERS =
            rate("answers", RATES.answersMax(), "Answers per second about one name and type.");
    public static final Key<Integer> NEGATIVES =
            rate("negatives", RATES.negativesMax(), "\"No such name\" and \"no such type\" per second in one zone.");
    public static final Key<Integer> REFERRALS =
            rate("referrals", RATES.referralsMax(), "Referrals per second to one delegated name.");
    public static final Key<Integer> ERRORS =
            rate("errors", RATES.errorsMax(), "REFUSED, FORMERR and other errors per second.");
    public static final Key<Integer> ALL_ANSWERS = rate("all", RATES.allMax(), "Answers of any kind per second.");
    public static final Key<Duration> WINDOW = KEYS.key(
            "dns.rate-limit.window",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            RATES.window(),
            "How long a network that went on asking over a limit stays limited after it stops.");
    public static final Key<Integer> SLIP = KEYS.key(
            "dns.rate-limit.slip",
            Shapes.number(0, 100),
            RATES.slip(),
            "One of so many answers over a limit is sent truncated, so that a real client comes back by TCP; 0: none, 1: all. Errors,"
                    + " which bring nobody back, are sent to clients that know cookies only.");
    public static final Key<Integer> SHORT = rate(
            "short",
            RATES.shortMax(),
            "Truncated answers per second; others are not sent, so that nobody can turn more on a network by asking in its name.");

    public static final Key<Integer> ENTRIES = KEYS.key(
            "dns.rate-limit.entries",
            Shapes.number(1024, 1 << 26),
            RATES.entries(),
            "Networks and names that are kept count of, 8 bytes each; the least busy are forgotten first.");
    public static final Key<Boolean> COOKIES = KEYS.key(
            "dns.cookies.enabled",
            Shapes.flag(),
            COOKIE.enabled(),
            "Whether clients get DNS cookies (RFC 7873); answers to who shows a good one are not limited.");
    public static final Key<Boolean> COOKIES_REQUIRED = KEYS.key(
            "dns.cookies.required",
            Shapes.flag(),
            COOKIE.required(),
            "Whether clients that know cookies must show a good one over UDP; others are answered all the same.");
    public static final Key<Optional<CookieSecret>> COOKIE_SECRET = secret(
            "secret",
            "What cookies are made with, where servers of another kind answer at the same address (RFC 9018). Without it the nodes of"
                    + " a cluster derive one from the cluster key, and a node in none makes one of its own at each start.");
    public static final Key<Optional<CookieSecret>> COOKIE_PREVIOUS_SECRET =
            secret("previous-secret", "The one before, whose cookies are still good.");

    public static final Key<Duration> COOKIE_ROLLOVER = KEYS.key(
            "dns.cookies.rollover",
            Shapes.duration(Duration.ofHours(2), Duration.ofDays(36)),
            COOKIE.rollover(),
            "How long a derived secret is used.");
    public static final Key<Integer> RANDOM_NAMES = KEYS.key(
            "dns.random-names.suspicious",
            Shapes.number(0, 10_000_000),
            RANDOM.namesPerSecond(),
            "A zone that is asked for more different names per second that it does not have is held to be flooded with made-up ones,"
                    + " and told in the log and by 'edge status'; 0 turns the watch off.");
    public static final Key<Duration> RANDOM_WINDOW = KEYS.key(
            "dns.random-names.window",
            Shapes.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            RANDOM.window(),
            "How long is looked at a time.");
    public static final Key<Integer> RANDOM_LIMIT = KEYS.key(
            "dns.random-names.negatives",
            Shapes.number(0, 1_000_000),
            RANDOM.negativesMax(),
            "While a zone is flooded, takes the place of dns.rate-limit.negatives there; 0 leaves that as it is.");

    static final List<Key<?>> ALL = KEYS.all();

    private DnsGuardKeys() {}

    private static Key<Optional<CookieSecret>> secret(String name, String doc) {
        Shape<CookieSecret> shape = Shape.scalar(
                "32 hexadecimal digits",
                text -> text.matches("[0-9A-Fa-f]{32}") ? Optional.of(CookieSecret.ofHex(text)) : Optional.empty(),
                secret -> '"' + secret.hex() + '"');
        return KEYS.optional("dns.cookies." + name, shape, doc);
    }

    private static Key<Integer> rate(String name, int fallback, String doc) {
        return KEYS.key(
                "dns.rate-limit." + name,
                Shapes.number(0, 1_000_000),
                fallback,
                doc + " To one network of clients; 0 means no limit.");
    }
}
