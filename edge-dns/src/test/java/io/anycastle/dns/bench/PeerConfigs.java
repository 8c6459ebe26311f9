package io.anycastle.dns.bench;

import io.anycastle.dns.bench.Contestant.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The peers' configurations: one worker, no limits on clients, answers cached where the server has such a cache, as few other duties as
 * each allows.
 */
final class PeerConfigs {
    private PeerConfigs() {}

    /** A server's own folder. */
    static Path folder(Place place, String server) throws IOException {
        return Files.createDirectories(place.out().resolve("peers").resolve(server + "-" + place.port()));
    }

    static String nsd(Place place) throws IOException {
        Path folder = folder(place, "nsd");
        return """
                server:
                  server-count: 1
                  ip-address: 127.0.0.1@%d
                  ip-address: 127.0.0.1@%d
                  tls-port: %d
                  tls-service-key: "%s"
                  tls-service-pem: "%s"
                  username: ""
                  chroot: ""
                  zonesdir: "%s"
                  database: ""
                  pidfile: "%s/pid"
                  xfrdfile: "%s/xfrd"
                  xfrdir: "%s"
                  zonelistfile: "%s/list"
                  verbosity: 0
                  tcp-count: 300
                  rrl-ratelimit: 0
                  rrl-whitelist-ratelimit: 0
                remote-control:
                  control-enable: no
                """.formatted(
                                place.port(),
                                place.tlsPort(),
                                place.tlsPort(),
                                place.out().resolve("tls.key"),
                                place.out().resolve("tls.pem"),
                                place.zones(),
                                folder,
                                folder,
                                folder,
                                folder)
                + zones(place, zone -> "zone:\n  name: " + zone + "\n  zonefile: " + zone + "zone\n");
    }

    static String knot(Place place) throws IOException {
        Path folder = folder(place, "knot");
        return """
                server:
                  listen: 127.0.0.1@%d
                  udp-workers: 1
                  tcp-workers: 1
                  background-workers: 1
                  rundir: "%s"
                log:
                  - target: stderr
                    any: error
                database:
                  storage: "%s"
                template:
                  - id: default
                    storage: "%s"
                    zonefile-sync: -1
                    zonefile-load: whole
                    journal-content: none
                zone:
                """.formatted(place.port(), folder, folder, place.zones())
                + zones(place, zone -> "  - domain: " + zone + "\n    file: " + zone + "zone\n");
    }

    static String bind(Place place) throws IOException {
        Path folder = folder(place, "named");
        return """
                tls local { cert-file "%s"; key-file "%s"; };
                options {
                  directory "%s";
                  pid-file none;
                  session-keyfile none;
                  managed-keys-directory "%s";
                  listen-on port %d { 127.0.0.1; };
                  listen-on port %d tls local { 127.0.0.1; };
                  listen-on-v6 { none; };
                  recursion no;
                  dnssec-validation no;
                  notify no;
                  tcp-clients 300;
                };
                controls { };
                logging { category default { null; }; };
                """.formatted(
                                place.out().resolve("tls.pem"),
                                place.out().resolve("tls.key"),
                                folder,
                                folder,
                                place.port(),
                                place.tlsPort())
                + zonesAsBind(place);
    }

    static String zonesAsBind(Place place) throws IOException {
        return zones(
                place,
                zone -> "zone \"%s\" { type master; file \"%s/%szone\"; };%n".formatted(zone, place.zones(), zone));
    }

    static String powerDns(Place place) throws IOException {
        return """
                launch=bind
                bind-config=%s/bind-backend.conf
                bind-check-interval=0
                local-address=127.0.0.1
                local-port=%d
                receiver-threads=1
                distributor-threads=1
                retrieval-threads=1
                daemon=no
                guardian=no
                setuid=
                setgid=
                socket-dir=%s
                loglevel=0
                disable-syslog=yes
                security-poll-suffix=
                max-tcp-connections=300
                """.formatted(folder(place, "bind-backend"), place.port(), folder(place, "pdns"));
    }

    private static String zones(Place place, UnaryOperator<String> each) throws IOException {
        return place.zoneNames().stream().map(each).collect(Collectors.joining());
    }
}
