package io.anycastle.proxy.listen;

import io.anycastle.proxy.tls.NativeTlsContext;
import io.anycastle.proxy.tls.TlsSession;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLSession;
import javax.net.ssl.StandardConstants;
import org.jspecify.annotations.Nullable;

/**
 * TLS with a listener's visitors: by BoringSSL, and by the JDK where that is not there. The JDK's handshakes cost several times as much,
 * and it ends those that ask for a host by a name with an underscore, or with a hyphen at a label's edge.
 *
 * @param boring empty where BoringSSL cannot be loaded, or cannot use the certificate
 * @param quic for HTTP/3; empty where it is not spoken
 */
record ListenerTls(Optional<NativeTlsContext> boring, SslContext jdk, Optional<QuicSslContext> quic) {
    /** What is spoken, best first, by the names of ALPN (RFC 7301). */
    static List<String> protocols(boolean withHttp2) {
        return withHttp2
                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                : List.of(ApplicationProtocolNames.HTTP_1_1);
    }

    static boolean isHttp2(TlsSession session) {
        return ApplicationProtocolNames.HTTP_2.equals(session.protocol());
    }

    /** What a handshake of the JDK has agreed on. */
    static TlsSession session(SslHandler handler) {
        SSLSession session = handler.engine().getSession();
        return new TlsSession(session.getProtocol(), serverName(session), handler.applicationProtocol(), false);
    }

    private static @Nullable String serverName(SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name.getType() == StandardConstants.SNI_HOST_NAME) {
                    return new String(name.getEncoded(), StandardCharsets.US_ASCII);
                }
            }
        }
        return null;
    }

    /**
     * The first handler of one connection.
     *
     * @param handshake how long the handshake may take
     */
    ChannelHandler handler(ByteBufAllocator allocator, Duration handshake) {
        if (boring.isPresent()) {
            return boring.get().handler(handshake);
        }
        SslHandler handler = jdk.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(handshake.toMillis());
        return handler;
    }
}
