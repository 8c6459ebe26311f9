package io.anycastle.app.cli;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people mean who type a command that there is not, as far as its spelling does not show it. */
final class Synonyms {
    private static final Map<String, List<String>> BY_MEANING = Map.ofEntries(
            Map.entry(
                    "'edge help', or --help behind any command",
                    List.of("man", "usage", "commands", "manual", "docs", "topics")),
            Map.entry("'edge zone'", List.of("domain", "domains", "zones", "site", "sites", "pause", "resume", "ns")),
            Map.entry("'edge record'", List.of("dns", "records", "host", "hosts", "proxy", "origin", "upstream", "rr")),
            Map.entry("'edge zone import' or 'edge zone export'", List.of("import", "export", "zonefile", "axfr")),
            Map.entry("'edge run'", List.of("start", "serve", "server", "daemon", "up", "node")),
            Map.entry(
                    "the service that runs the node, as in 'systemctl stop anycastle', or Ctrl-C",
                    List.of("stop", "drain", "shutdown", "kill", "quit", "restart", "down", "reload")),
            Map.entry(
                    "'edge cluster'",
                    List.of("nodes", "member", "members", "invite", "join", "peers", "peer", "leave")),
            Map.entry("'edge status'", List.of("health", "info", "stats", "stat", "ready", "ping", "metrics", "top")),
            Map.entry("'edge config'", List.of("settings", "configuration", "set", "get", "defaults", "options")),
            Map.entry("'edge backup'", List.of("save", "dump", "snapshot", "archive")),
            Map.entry("'edge restore'", List.of("load", "recover", "undo", "rollback")),
            Map.entry("'edge upgrade-check'", List.of("update", "upgrade", "migrate")),
            Map.entry("'edge conflicts'", List.of("merge", "conflict", "losers")),
            Map.entry(
                    "the settings https.certificate and https.key, as in 'edge help certificates'",
                    List.of("cert", "certs", "certificate", "certificates", "tls", "ssl", "acme")),
            Map.entry(
                    "nothing here yet: this version keeps no answers of origins, so none are stale",
                    List.of("cache", "purge", "flush", "invalidate", "clear")));

    /** The verbs that one thing is called by, most of them by other programs; each command has one of them. */
    private static final List<List<String>> VERBS = List.of(
            List.of("add", "create", "new", "insert", "put"),
            List.of("rm", "remove", "delete", "del", "destroy", "drop", "erase", "unset"),
            List.of("show", "get", "info", "describe", "view", "cat", "details"),
            List.of("list", "ls", "all", "get", "show", "view", "search", "find"),
            List.of("set", "update", "edit", "modify", "change", "patch", "replace"));

    /** Pages of the manual, and what people look for in them. */
    private static final Map<String, List<String>> PAGES = Map.ofEntries(
            Map.entry(
                    "install", List.of("setup", "service", "systemd", "docker", "container", "java", "jdk", "package")),
            Map.entry("records", List.of("dns", "ttl", "soa", "cname", "flatten", "flattening", "mail", "mx", "alias")),
            Map.entry("zone-files", List.of("zonefile", "import", "export", "bind", "master-file")),
            Map.entry(
                    "activation", List.of("pending", "moved", "partial", "suffix", "name-servers", "check", "verify")),
            Map.entry("proxy", List.of("http", "origin", "origins", "healthcheck", "websocket", "headers", "upstream")),
            Map.entry("certificates", List.of("tls", "ssl", "https", "dot", "doh", "acme", "cert", "encryption")),
            Map.entry("cluster", List.of("nodes", "invite", "join", "hazelcast", "clock", "clocks", "conflict")),
            Map.entry("anycast", List.of("bgp", "geo", "geoip", "steering", "routing", "failover")),
            Map.entry("backup-upgrade", List.of("update", "recover", "migrate", "disaster")),
            Map.entry("monitoring", List.of("metrics", "prometheus", "readyz", "livez", "health", "log", "logs")),
            Map.entry("floods", List.of("ddos", "rrl", "rate-limit", "cookies", "guard", "attack", "limits")),
            Map.entry("api", List.of("rest", "curl", "octodns", "terraform", "token", "maps")),
            Map.entry("configuration", List.of("settings", "keys", "yaml", "options", "defaults")),
            Map.entry("troubleshooting", List.of("error", "errors", "problem", "debug", "pause", "emergency", "faq")),
            Map.entry("security", List.of("secrets", "permissions", "hardening")),
            Map.entry("design", List.of("architecture", "internals", "source", "packages")),
            Map.entry("figures", List.of("benchmark", "benchmarks", "performance", "speed", "memory")),
            Map.entry("glossary", List.of("words", "terms", "vocabulary")));

    private Synonyms() {}

    /** The page of the manual that has to do with the word. */
    static Optional<String> page(String word) {
        return keyOf(PAGES, word);
    }

    /** What to say after "did you mean"; empty where the word has no meaning here. */
    static Optional<String> of(String word) {
        return keyOf(BY_MEANING, word);
    }

    private static Optional<String> keyOf(Map<String, List<String>> words, String word) {
        return words.entrySet().stream()
                .filter(entry -> entry.getValue().contains(word))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** That of the commands which does what the word says; empty where none does. */
    static Optional<String> verb(String word, Collection<String> commands) {
        return VERBS.stream()
                .filter(verbs -> verbs.contains(word))
                .flatMap(List::stream)
                .filter(commands::contains)
                .findFirst();
    }
}
