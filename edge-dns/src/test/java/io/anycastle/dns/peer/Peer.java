package io.anycastle.dns.peer;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A name server to be compared with, and how it is told to serve zones on one port of 127.0.0.1. */
enum Peer {
    BIND("named") {
        @Override
        String config(Path folder, int port, Map<String, Path> zones) {
            return """
                    options {
                      directory "%s"; pid-file none; session-keyfile none; lock-file none;
                      listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; };
                      recursion no; notify no; dnssec-validation no; empty-zones-enable no;
                      minimal-responses no-auth; minimal-any yes; version none;
                      edns-udp-size 1232; max-udp-size 1232; max-records-per-type 0; rrset-order { order cyclic; }; zero-no-soa-ttl no;
                      check-names primary ignore; allow-transfer { none; };
                    };
                    controls { };
                    %s
                    """.formatted(
                    folder,
                    port,
                    each(zones, "zone \"%s\" { type primary; file \"%s\"; check-integrity no; check-wildcard no; };"));
        }

        @Override
        List<String> command(Path program, Path config) {
            return List.of(program.toString(), "-g", "-n", "1", "-c", config.toString());
        }

        @Override
        String refusal(String zone) {
            return "zone " + zone + "/IN: not loaded";
        }
    },
    KNOT("knotd") {
        @Override
        String config(Path folder, int port, Map<String, Path> zones) {
            return """
                    server:
                      listen: 127.0.0.1@%d
                      rundir: "%s"
                      udp-max-payload: 1232
                      udp-workers: 1
                      tcp-workers: 1
                      background-workers: 1
                    database:
                      storage: "%s"
                    log:
                      - target: stderr
                        any: warning
                    template:
                      - id: default
                        storage: "%s"
                        semantic-checks: off
                        journal-content: none
                        zonefile-load: whole
                    zone:
                    %s
                    """.formatted(port, folder, folder, folder, each(zones, "  - domain: %s.\n    file: \"%s\""));
        }

        @Override
        List<String> command(Path program, Path config) {
            return List.of(program.toString(), "-c", config.toString());
        }

        @Override
        String refusal(String zone) {
            return "[" + zone + ".] zone event 'load' failed";
        }
    },
    NSD("nsd") {
        @Override
        String config(Path folder, int port, Map<String, Path> zones) {
            return """
                    server:
                      ip-address: 127.0.0.1
                      port: %d
                      do-ip6: no
                      server-count: 1
                      username: ""
                      chroot: ""
                      zonesdir: "%s"
                      database: ""
                      zonelistfile: "%s/zone.list"
                      xfrdfile: "%s/xfrd.state"
                      xfrdir: "%s"
                      pidfile: "%s/nsd.pid"
                      logfile: ""
                      ipv4-edns-size: 1232
                      minimal-responses: no
                      refuse-any: yes
                      hide-version: yes
                      rrl-ratelimit: 0
                    remote-control:
                      control-enable: no
                    %s
                    """.formatted(
                            port,
                            folder,
                            folder,
                            folder,
                            folder,
                            folder,
                            each(zones, "zone:\n  name: \"%s\"\n  zonefile: \"%s\""));
        }

        @Override
        List<String> command(Path program, Path config) {
            return List.of(program.toString(), "-d", "-c", config.toString());
        }

        @Override
        String refusal(String zone) {
            return "error: zone " + zone + " file";
        }
    };

    private final String program;

    Peer(String program) {
        this.program = program;
    }

    abstract String config(Path folder, int port, Map<String, Path> zones);

    abstract List<String> command(Path program, Path config);

    /** What its log says of a zone that it does not load. */
    abstract String refusal(String zone);

    String program() {
        return program;
    }

    /** Where the program is, if it is installed. */
    Optional<Path> installed() {
        return Stream.concat(
                        Stream.of("/usr/sbin", "/usr/local/sbin"),
                        Stream.of(System.getenv("PATH").split(":")))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String each(Map<String, Path> zones, String form) {
        return zones.entrySet().stream()
                .map(zone -> form.formatted(zone.getKey(), zone.getValue()))
                .collect(Collectors.joining("\n"));
    }
}
