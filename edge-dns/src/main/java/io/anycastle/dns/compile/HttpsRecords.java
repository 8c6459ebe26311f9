package io.anycastle.dns.compile;

import io.anycastle.core.model.DomainName;
import io.anycastle.core.model.Rdata;
import io.anycastle.core.view.TlsFacts;
import io.anycastle.dns.AnswerConfig;
import io.anycastle.dns.compile.NameAnswers.Proxying;
import io.anycastle.dns.wire.Wire;
import io.anycastle.dns.wire.WireName;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The HTTPS records (RFC 9460) that proxied names answer without having any of their own: how the proxy is reached by TLS, for the names
 * that its certificates are good for. A browser that reads one asks by https at once, so other names must not answer it. Immutable.
 */
public final class HttpsRecords {
    private static final int HTTPS_PORT = 443;
    private static final int KEY_ALPN = 1;
    private static final int KEY_PORT = 3;
    private static final int KEY_IPV4 = 4;
    private static final int KEY_IPV6 = 6;

    private final int port;
    private final byte[][] names;
    private final RrSet both;
    private final RrSet ipv4Only;
    private final RrSet ipv6Only;

    private HttpsRecords(int port, byte[][] names, RrSet both, RrSet ipv4Only, RrSet ipv6Only) {
        this.port = port;
        this.names = names;
        this.both = both;
        this.ipv4Only = ipv4Only;
        this.ipv6Only = ipv6Only;
    }

    /** @param hasHints whether proxied names answer the configured edge addresses, and no others */
    public static HttpsRecords of(TlsFacts facts, AnswerConfig config, boolean hasHints) {
        List<? extends InetAddress> ipv4 = hasHints ? config.edgeIpv4() : List.of();
        List<? extends InetAddress> ipv6 = hasHints ? config.edgeIpv6() : List.of();
        int ttl = config.proxiedTtlSeconds();
        return new HttpsRecords(
                facts.publicPort(),
                facts.names().stream()
                        .flatMap(name -> Stream.concat(Stream.of(name), place(name, config)))
                        .map(DomainName::wire)
                        .toArray(byte[][]::new),
                set(ttl, facts, ipv4, ipv6),
                set(ttl, facts, ipv4, List.of()),
                set(ttl, facts, List.of(), ipv6));
    }

    /** Where a host of a partial zone is answered; visitors ask for the host itself, and want a certificate for that. */
    private static Stream<DomainName> place(DomainName host, AnswerConfig config) {
        return config.partialSuffix().flatMap(suffix -> suffix.place(host)).stream();
    }

    private static RrSet set(
            int ttl, TlsFacts facts, List<? extends InetAddress> ipv4, List<? extends InetAddress> ipv6) {
        ByteArrayOutputStream rdata = new ByteArrayOutputStream();
        rdata.writeBytes(new byte[] {0, 1, 0}); // priority 1, the owner itself
        ByteArrayOutputStream protocols = new ByteArrayOutputStream();
        for (String protocol : facts.alpn()) {
            protocols.write(protocol.length());
            protocols.writeBytes(protocol.getBytes(StandardCharsets.US_ASCII));
        }
        put(rdata, KEY_ALPN, protocols.toByteArray());
        int port = facts.publicPort();
        put(rdata, KEY_PORT, port == HTTPS_PORT ? new byte[0] : new byte[] {(byte) (port >>> 8), (byte) port});
        put(rdata, KEY_IPV4, octets(ipv4));
        put(rdata, KEY_IPV6, octets(ipv6));
        return RrWriter.set(DomainName.ROOT, Wire.TYPE_HTTPS, ttl, List.of(Rdata.of(rdata.toByteArray())));
    }

    /** In the order of keys; without a value there is no parameter. */
    private static void put(ByteArrayOutputStream rdata, int key, byte[] value) {
        if (value.length > 0) {
            rdata.write(0);
            rdata.write(key);
            rdata.write(value.length >>> 8);
            rdata.write(value.length);
            rdata.writeBytes(value);
        }
    }

    private static byte[] octets(List<? extends InetAddress> addresses) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        addresses.forEach(address -> octets.writeBytes(address.getAddress()));
        return octets.toByteArray();
    }

    /** The port that they name. */
    int port() {
        return port;
    }

    /** What a proxied name answers; null where no certificate is good for it. Allocates nothing. */
    public @Nullable RrSet set(Proxying proxying, WireName name) {
        if (!isCovered(name)) {
            return null;
        }
        return switch (proxying) {
            case NO -> null;
            case BOTH -> both;
            case IPV4_ONLY -> ipv4Only;
            case IPV6_ONLY -> ipv6Only;
        };
    }

    private boolean isCovered(WireName name) {
        for (byte[] covered : names) {
            boolean isWildcard = covered[0] == 1 && covered[1] == '*';
            int from = isWildcard && name.labels() > 0 ? name.labelAt(1) : 0;
            int coveredFrom = isWildcard ? 2 : 0;
            if (Arrays.equals(covered, coveredFrom, covered.length, name.octets(), from, name.length())) {
                return true;
            }
        }
        return false;
    }
}
