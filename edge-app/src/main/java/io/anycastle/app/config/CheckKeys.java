package io.anycastle.app.config;

import io.anycastle.core.activation.CheckSchedule;
import io.anycastle.core.activation.ZoneChecks;
import io.anycastle.core.model.DomainName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that says how zones become active, and how zones whose DNS is elsewhere are pointed here. */
public final class CheckKeys {
    /** What makes a new zone active. */
    public enum Activation {
        IMMEDIATE,
        CHECK
    }

    private static final CheckSchedule SCHEDULE = CheckSchedule.DEFAULTS;
    private static final Duration YEARS = Duration.ofDays(3650);

    private static final KeyList POINTING = new KeyList();
    private static final KeyList CHECKS = new KeyList();

    public static final Key<Activation> ACTIVATION = new Key<>(
            "zones.activation",
            Shapes.choice(Activation.class),
            Activation.IMMEDIATE,
            "Whether a new zone is active at once and never checked, or pending (proxied names answer their content) until public DNS"
                    + " points it here. One zone alone is always active by 'edge zone activate'.");
    public static final Key<Optional<DomainName>> PARTIAL_SUFFIX = POINTING.optional(
            "zones.partial-suffix",
            Shapes.domainName(),
            "A name that is delegated to these nodes, below which they answer for the proxied hosts of partial zones:"
                    + " www.example.com at www.example.com.SUFFIX. The same on all nodes.");
    public static final Key<List<String>> VERIFY_LABELS = POINTING.key(
            "zones.verify-labels",
            Shapes.listOf(Shapes.text("a label of letters, digits, '-' and '_'", "[A-Za-z0-9_][A-Za-z0-9_-]{0,62}"), 1),
            List.of("cloudflare-verify", "anycastle-verify"),
            "Below which labels of a partial zone the TXT record may stand that shows whose it is; the first is the one that is asked"
                    + " for.");

    public static final Key<Duration> FIRST = duration(
            "first",
            SCHEDULE.first(),
            "From a zone's creation to its first check; each gap after it is twice as long as the one before.");
    public static final Key<Duration> GAP_MAX =
            duration("gap-max", SCHEDULE.gapMax(), "The longest gap between checks of a pending or moved zone.");
    public static final Key<Duration> INTERVAL =
            duration("interval", SCHEDULE.interval(), "Between checks of an active zone.");
    public static final Key<Duration> RETRY = duration(
            "retry", SCHEDULE.retry(), "Between checks of an active zone whose last check brought no good answer.");
    public static final Key<Integer> FAILURES_MAX = CHECKS.key(
            "zones.check.failures-max",
            Shapes.number(1, 1000),
            SCHEDULE.failuresMax(),
            "After so many answers in a row that point elsewhere an active zone has moved: its proxied names answer their content.");
    public static final Key<Duration> AGAIN = duration(
            "again", SCHEDULE.again(), "The shortest time from one check of a zone to one that somebody asks for.");
    public static final Key<Duration> TIMEOUT = duration(
            "timeout", ZoneChecks.Limits.DEFAULTS.timeout(), "For all that one check asks; then nobody has answered.");
    public static final Key<Integer> ZONES_MAX = CHECKS.key(
            "zones.check.zones-max",
            Shapes.number(1, 10_000),
            ZoneChecks.Limits.DEFAULTS.zonesMax(),
            "How many zones are checked at once.");
    public static final Key<Optional<Duration>> DELETE_PENDING = CHECKS.key(
            "zones.check.delete-pending",
            Shapes.maybe(Shapes.duration(Duration.ofDays(1), YEARS)),
            SCHEDULE.pendingLife(),
            "After how long a zone is deleted with its records that is pending since it was added or its type changed; nothing means"
                    + " never.");
    public static final Key<Optional<Duration>> DELETE_MOVED = CHECKS.key(
            "zones.check.delete-moved",
            Shapes.maybe(Shapes.duration(Duration.ofDays(1), YEARS)),
            SCHEDULE.movedLife(),
            "After how long a zone that has moved is deleted with its records; nothing means never.");

    /** What stands directly below {@code zones}, beside {@link #ACTIVATION}. */
    static final List<Key<?>> PARTIAL = POINTING.all();

    static final List<Key<?>> CHECK = CHECKS.all();

    private CheckKeys() {}

    private static Key<Duration> duration(String name, Duration fallback, String doc) {
        return CHECKS.key("zones.check." + name, Shapes.duration(Duration.ofMillis(10), YEARS), fallback, doc);
    }
}
