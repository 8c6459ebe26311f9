package io.anycastle.app.config;

import io.anycastle.dns.TlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The part of the table of settings that is about encrypted DNS. */
public final class DnsTlsKeys {
    private static final KeyList KEYS = new KeyList();
    private static final TlsConfig TLS = TlsConfig.DEFAULTS;

    public static final Key<List<ListenerAddress>> LISTEN = KEYS.key(
            "dns.tls.listen",
            ListenerShape.plain(8853),
            ListenerAddress.loopback(8853, 8853),
            "Where DNS is answered in TLS (DoT), once dns.tls.certificate or https.certificate is set.");
    public static final Key<Optional<Path>> CERTIFICATE = KEYS.optional(
            "dns.tls.certificate",
            Shapes.path("a PEM file"),
            "The certificate chain that encrypted DNS shows; nothing means that of https.certificate.");
    public static final Key<Optional<Path>> KEY =
            KEYS.optional("dns.tls.key", Shapes.path("a PEM file"), "Its private key.");
    public static final Key<Duration> RELOAD = KEYS.key(
            "dns.tls.reload",
            Shapes.duration(Duration.ofMillis(100), Duration.ofDays(1)),
            TLS.reloadInterval(),
            "How often the two files are looked at; changed ones are shown to new clients without a restart.");
    public static final Key<Duration> HANDSHAKE = KEYS.key(
            "dns.tls.handshake-timeout",
            Shapes.duration(Duration.ofMillis(100), Duration.ofMinutes(5)),
            TLS.handshakeTimeout(),
            "The longest time until TLS is spoken on a new connection.");
    public static final Key<Integer> CONNECTIONS = KEYS.key(
            "dns.tls.connections-max",
            Shapes.number(1, 1_000_000),
            TLS.connectionsMax(),
            "TLS connections over all addresses; one more is closed at once. The limits of dns.tcp hold here too.");

    static final List<Key<?>> ALL = KEYS.all();

    private DnsTlsKeys() {}
}
