package io.anycastle.proxy.reply;

import java.time.Instant;

/**
 * What the edge sees of a request, as {@code key=value} lines.
 *
 * @param node the node that answers
 * @param country of the client, in two letters
 * @param sni the name of the TLS handshake, or empty
 * @param tls the TLS version, or {@code off}
 */
public record Trace(
        String node,
        String host,
        String client,
        Instant time,
        String scheme,
        String userAgent,
        String colo,
        String http,
        String country,
        String tls,
        String sni) {

    public Reply reply() {
        String lines = line("fl", node)
                + line("h", host)
                + line("ip", client)
                + "ts=%d.%03d\n".formatted(time.getEpochSecond(), time.getNano() / 1_000_000)
                + line("visit_scheme", scheme)
                + line("uag", userAgent)
                + line("colo", colo)
                + line("sliver", "none")
                + line("http", http)
                + line("loc", country)
                + line("tls", tls)
                + line("sni", sni.isEmpty() ? "off" : "plaintext");
        return new Reply(200, "text/plain; charset=utf-8", lines);
    }

    private static String line(String key, String value) {
        return key + "=" + value.replaceAll("\\p{Cntrl}", " ") + "\n";
    }
}
