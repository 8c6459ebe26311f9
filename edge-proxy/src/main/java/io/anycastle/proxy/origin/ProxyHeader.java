package io.anycastle.proxy.origin;

import io.netty.channel.Channel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * What an origin is told by the PROXY protocol, version 2: whose connection it is.
 *
 * @param source the client; port 0 where it is not known
 * @param destination what the client has connected to
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination) {
    /** Sends it, before anything else. */
    void sendOn(Channel channel) {
        boolean isIpv4 =
                source.getAddress() instanceof Inet4Address && destination.getAddress() instanceof Inet4Address;
        channel.pipeline().addFirst(HAProxyMessageEncoder.INSTANCE);
        channel.write(new HAProxyMessage(
                HAProxyProtocolVersion.V2,
                HAProxyCommand.PROXY,
                isIpv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6,
                text(source.getAddress(), isIpv4),
                text(destination.getAddress(), isIpv4),
                source.getPort(),
                destination.getPort()));
        channel.pipeline().remove(HAProxyMessageEncoder.INSTANCE);
    }

    /** Both addresses are of one family; IPv4 goes into the other as RFC 4291 section 2.5.5.2 has it. */
    private static String text(InetAddress address, boolean isIpv4) {
        String text = address.getHostAddress();
        return isIpv4 || !(address instanceof Inet4Address) ? text : "::ffff:" + text;
    }
}
