package io.anycastle.proxy.listen;

import io.anycastle.core.tls.OddNameEngine;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;

/**
 * TLS with visitors by the JDK, and by BoringSSL for those who ask for a host by a name that the JDK ends the handshake for: one with an
 * underscore, or with a hyphen at a label's edge. BoringSSL for all would cost the half-close that the JDK has: Netty's engine of it ends
 * both directions at once.
 *
 * @param lenient BoringSSL's; empty where it cannot be loaded
 */
record ListenerTls(SslContext strict, Optional<SslContext> lenient) {
    /** What is spoken, best first, by the names of ALPN (RFC 7301). */
    static List<String> protocols(boolean withHttp2) {
        return withHttp2
                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                : List.of(ApplicationProtocolNames.HTTP_1_1);
    }

    static boolean isHttp2(SslHandler handler) {
        return ApplicationProtocolNames.HTTP_2.equals(handler.engine().getApplicationProtocol());
    }

    /** Whether the handshake was completed although the client offered protocols and none of them is spoken here (RFC 7301 section 3.2). */
    static boolean hasNoCommonProtocol(SslHandler handler) {
        String chosen = handler.engine().getApplicationProtocol();
        return handler.engine() instanceof OddNameEngine engine
                && engine.offersProtocols()
                && (chosen == null || chosen.isEmpty());
    }

    /** A handler for one connection, whose engine is chosen by the client's first message. */
    SslHandler handler(ByteBufAllocator allocator) {
        SSLEngine engine = strict.newEngine(allocator);
        return new SslHandler(
                lenient.<SSLEngine>map(context -> new OddNameEngine(engine, () -> context.newEngine(allocator)))
                        .orElse(engine));
    }
}
