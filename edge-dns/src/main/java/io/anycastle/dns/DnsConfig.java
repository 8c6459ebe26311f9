package io.anycastle.dns;

import io.anycastle.dns.guard.GuardConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The DNS settings of a node.
 *
 * @param listen where UDP and TCP are served, numeric addresses, at least one; a wildcard stands for every address that the machine
 *     has when the service starts; port 0 takes any port that is free for both
 */
public record DnsConfig(
        List<InetSocketAddress> listen,
        AnswerConfig answers,
        UdpConfig udp,
        TcpConfig tcp,
        TlsConfig tls,
        HttpsConfig https,
        IdentityConfig identity,
        GuardConfig guard) {
    public static final DnsConfig DEFAULTS = new DnsConfig(
            List.of(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5300),
                    new InetSocketAddress(InetAddress.ofLiteral("::1"), 5300)),
            AnswerConfig.DEFAULTS,
            UdpConfig.DEFAULTS,
            TcpConfig.DEFAULTS,
            TlsConfig.DEFAULTS,
            HttpsConfig.DEFAULTS,
            IdentityConfig.DEFAULTS,
            GuardConfig.DEFAULTS);

    public DnsConfig {
        listen = List.copyOf(listen);
    }

    public DnsConfig withListen(List<InetSocketAddress> other) {
        return new DnsConfig(other, answers, udp, tcp, tls, https, identity, guard);
    }

    public DnsConfig withAnswers(AnswerConfig other) {
        return new DnsConfig(listen, other, udp, tcp, tls, https, identity, guard);
    }

    public DnsConfig withUdp(UdpConfig other) {
        return new DnsConfig(listen, answers, other, tcp, tls, https, identity, guard);
    }

    public DnsConfig withTcp(TcpConfig other) {
        return new DnsConfig(listen, answers, udp, other, tls, https, identity, guard);
    }

    public DnsConfig withTls(TlsConfig other) {
        return new DnsConfig(listen, answers, udp, tcp, other, https, identity, guard);
    }

    public DnsConfig withHttps(HttpsConfig other) {
        return new DnsConfig(listen, answers, udp, tcp, tls, other, identity, guard);
    }

    public DnsConfig withIdentity(IdentityConfig other) {
        return new DnsConfig(listen, answers, udp, tcp, tls, https, other, guard);
    }

    public DnsConfig withGuard(GuardConfig other) {
        return new DnsConfig(listen, answers, udp, tcp, tls, https, identity, other);
    }
}
