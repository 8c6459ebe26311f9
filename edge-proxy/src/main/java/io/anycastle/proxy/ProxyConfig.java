package io.anycastle.proxy;

import io.anycastle.core.geo.GeoConfig;
import io.anycastle.core.limit.Networks;
import io.anycastle.core.model.Cidr;
import io.anycastle.proxy.health.HealthConfig;
import io.anycastle.proxy.listen.ClientLimits;
import io.anycastle.proxy.listen.ClientRates;
import io.anycastle.proxy.listen.HeadLimits;
import io.anycastle.proxy.listen.Http2Limits;
import io.anycastle.proxy.listen.Http3Limits;
import io.anycastle.proxy.listen.ListenerConfig;
import io.anycastle.proxy.log.AccessLogConfig;
import io.anycastle.proxy.origin.OriginConfig;
import io.anycastle.proxy.reply.ReplyConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything that the proxy can be told.
 *
 * @param ports on which zones are served that say none of their own
 * @param threads event loops that serve requests; 1 to 1,024
 * @param colo the site's code in CF-Ray and traces; 1 to 16 letters and digits
 * @param node this node's name, in traces
 * @param loopToken how this edge names itself in CDN-Loop (RFC 8586)
 * @param loopPassesMax how often a request may have passed this edge before; 0 to 100
 * @param trusted who is believed to say for whom a connection or a request is made
 * @param geo which files say where clients are, and whose networks they belong to
 * @param via where the edge adds itself to Via, under the loop token
 */
public record ProxyConfig(
        List<ListenerConfig> listeners,
        ZonePorts ports,
        int threads,
        String colo,
        String node,
        String loopToken,
        int loopPassesMax,
        TrustedPeers trusted,
        GeoConfig geo,
        ViaMode via,
        AccessLogConfig accessLog,
        HeadLimits heads,
        ClientLimits clients,
        ClientRates rates,
        Http2Limits http2,
        Http3Limits http3,
        BodyLimits bodies,
        ReplyConfig reply,
        OriginConfig origins,
        HealthConfig health) {
    public static final ProxyConfig DEFAULTS = new ProxyConfig(
            List.of(ListenerConfig.plain("0.0.0.0", 8080), ListenerConfig.plain("::", 8080)),
            ZonePorts.DEFAULTS,
            Runtime.getRuntime().availableProcessors(),
            "LOC",
            "edge",
            "anycastle",
            3,
            TrustedPeers.NOBODY,
            GeoConfig.NONE,
            ViaMode.OFF,
            AccessLogConfig.DEFAULTS,
            HeadLimits.DEFAULTS,
            ClientLimits.DEFAULTS,
            ClientRates.DEFAULTS,
            Http2Limits.DEFAULTS,
            Http3Limits.DEFAULTS,
            BodyLimits.DEFAULTS,
            ReplyConfig.DEFAULTS,
            OriginConfig.DEFAULTS,
            HealthConfig.DEFAULTS);

    public ProxyConfig {
        listeners = List.copyOf(listeners);
    }

    /** How clients share limits. Who is trusted to name clients has none himself: what he sends is theirs, or nobody's. */
    public Networks networks() {
        List<Cidr> exempt = Stream.of(rates.exempt(), trusted.proxies(), trusted.proxyProtocol())
                .flatMap(List::stream)
                .toList();
        return new Networks(clients.prefixV4(), clients.prefixV6(), exempt);
    }
}
