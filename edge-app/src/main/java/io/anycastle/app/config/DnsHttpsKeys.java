package io.anycastle.app.config;

import io.anycastle.dns.HttpsConfig;
import java.util.List;

/** The part of the table of settings that is about DNS over HTTPS; its certificate is that of {@link DnsTlsKeys}. */
public final class DnsHttpsKeys {
    private static final KeyList KEYS = new KeyList();
    private static final HttpsConfig HTTPS = HttpsConfig.DEFAULTS;

    public static final Key<List<ListenerAddress>> LISTEN = KEYS.key(
            "dns.https.listen",
            ListenerShape.plain(8453),
            ListenerAddress.loopback(8453, 8453),
            "Where DNS is answered over HTTPS (DoH), once dns.tls.certificate or https.certificate is set;"
                    + " sockets of its own, apart from the proxy's.");
    public static final Key<List<ListenerAddress>> CLEARTEXT_LISTEN = KEYS.key(
            "dns.https.cleartext-listen",
            ListenerShape.plain(8054),
            List.of(),
            "Loopback addresses where the same is answered over plain HTTP, for a proxy on this machine that ends TLS"
                    + " and puts the client's address last into X-Forwarded-For.");
    public static final Key<String> PATH = KEYS.key(
            "dns.https.path",
            Shapes.text("a path of letters, digits and -._~/", "/[A-Za-z0-9._~/-]{0,254}"),
            HTTPS.path(),
            "The path of DNS over HTTPS.");
    public static final Key<Integer> STREAMS = KEYS.key(
            "dns.https.streams-max",
            Shapes.number(1, 10_000),
            HTTPS.streamsMax(),
            "Requests of one HTTP/2 connection at one time.");

    static final List<Key<?>> ALL = KEYS.all();

    private DnsHttpsKeys() {}
}
