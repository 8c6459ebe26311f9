package io.anycastle.dns.bench;

import io.anycastle.dns.bench.BenchSet.Load;
import io.anycastle.dns.guard.RateLimitConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A server that is measured, with one worker each; how it is started on the zones of a load. */
enum Contestant {
    /** The cheapest responder there can be; knows no zones. */
    FLOOR("floor"),
    /** Ours as it runs: best driver, guard and counters on. */
    ANYCASTLE("java"),
    /** Ours with the guard off: what it costs. */
    UNGUARDED("java"),
    /** Ours when every client is over the limit of all answers together: one of two is to be sent short, but so many a second only. */
    OVER_ALL("java"),
    /** The same when none is answered. */
    OVER_ALL_SILENT("java"),
    /** The same when all are to be sent short, but so many a second only. */
    OVER_ALL_SHORT("java"),
    /** The same when each is sent short. */
    OVER_ALL_EACH("java"),
    /** Ours when every client is over the limit of one kind of answers, which is known only when the name was looked up. */
    OVER_KIND("java"),
    OVER_KIND_SILENT("java"),
    OVER_KIND_SHORT("java"),
    OVER_KIND_EACH("java"),
    /** Ours on Netty's epoll channel. */
    EPOLL("java"),
    /** Ours on Netty's NIO channel. */
    NIO("java"),
    NSD("nsd"),
    KNOT("knotd"),
    BIND("named"),
    POWERDNS("pdns_server");

    private static final List<String> JAVA_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    private final String program;

    Contestant(String program) {
        this.program = program;
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isPeer() {
        return switch (this) {
            case NSD, KNOT, BIND, POWERDNS -> true;
            default -> false;
        };
    }

    /** Whether its clients are over a limit. */
    boolean isOver() {
        return isOverKind() || title().startsWith("over_all");
    }

    /** Whether the limit is that of a kind of answers. */
    boolean isOverKind() {
        return title().startsWith("over_kind");
    }

    /** Of the answers over a limit, one of so many is to be sent short; 0 none, 1 all. */
    int slip() {
        boolean isEveryOne = title().endsWith("_short") || title().endsWith("_each");
        return title().endsWith("_silent") ? 0 : isEveryOne ? 1 : RateLimitConfig.DEFAULTS.slip();
    }

    /** How many are sent short in a second; 0: as many as there are. */
    int shortMax() {
        return title().endsWith("_each") ? 0 : RateLimitConfig.DEFAULTS.shortMax();
    }

    /** Whether it runs on a JVM, which wants more warming up. */
    boolean isOurs() {
        return !isPeer() && this != FLOOR;
    }

    /** Whether it takes part in a set at all. */
    boolean canRun(BenchSet set) {
        return switch (set.way) {
            case UDP, PACED -> !isOver();
            case OPEN -> isOurs();
            case TCP -> this == ANYCASTLE || isPeer();
            case DOT -> this == ANYCASTLE || this == NSD || this == BIND;
        };
    }

    /** Whether its program is on this machine. */
    boolean isInstalled() {
        return !isPeer()
                || Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Where a server runs.
     *
     * @param out folder for files of its own
     * @param data folder of all loads
     */
    record Place(Path out, Path data, Load load, int port, int tlsPort) {
        Path zones() {
            return data.resolve(load.folder());
        }

        List<String> zoneNames() throws IOException {
            return Files.readAllLines(zones().resolve("zones.txt"));
        }
    }

    /** Writes its configuration and says how to start it. */
    List<String> command(Place place) throws IOException {
        return switch (this) {
            case FLOOR ->
                List.of(place.out().resolve("floor").toString(), String.valueOf(place.port()), "mmsg", "64", "1");
            case EPOLL, NIO -> java(place, title());
            case ANYCASTLE,
                    UNGUARDED,
                    OVER_ALL,
                    OVER_ALL_SILENT,
                    OVER_ALL_SHORT,
                    OVER_ALL_EACH,
                    OVER_KIND,
                    OVER_KIND_SILENT,
                    OVER_KIND_SHORT,
                    OVER_KIND_EACH -> java(place, "ffm");
            case NSD -> List.of("nsd", "-d", "-c", config(place, "nsd.conf", PeerConfigs.nsd(place)));
            case KNOT -> List.of("knotd", "-c", config(place, "knot.conf", PeerConfigs.knot(place)));
            case BIND -> List.of("named", "-g", "-n", "1", "-c", config(place, "named.conf", PeerConfigs.bind(place)));
            case POWERDNS -> {
                config(place, "bind-backend.conf", PeerConfigs.zonesAsBind(place));
                Path config = Path.of(config(place, "pdns.conf", PeerConfigs.powerDns(place)));
                yield List.of("pdns_server", "--config-dir=" + config.getParent());
            }
        };
    }

    private List<String> java(Place place, String driver) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_FLAGS);
        String more = System.getenv("BENCH_JAVA_OPTS");
        if (more != null && !more.isBlank()) {
            command.addAll(List.of(more.strip().split(" +")));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BenchServer.class.getName()));
        command.addAll(List.of(place.zones().toString(), driver));
        command.addAll(List.of(String.valueOf(place.port()), String.valueOf(place.tlsPort())));
        command.addAll(List.of(
                place.out().resolve("tls.pem").toString(),
                place.out().resolve("tls.key").toString(),
                title()));
        return command;
    }

    private static String config(Place place, String name, String text) throws IOException {
        Path folder = PeerConfigs.folder(place, name.substring(0, name.indexOf('.')));
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        return file.toString();
    }

    static Contestant named(String title) {
        return valueOf(title.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
