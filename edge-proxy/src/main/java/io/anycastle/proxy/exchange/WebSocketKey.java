package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.anycastle.proxy.origin.WebSocketAccept;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * The Sec-WebSocket-Key by which the edge opens a WebSocket to an origin for a client that has none: HTTP/2 and HTTP/3 need no such proof
 * (RFC 6455 section 4.1, RFC 8441 section 5).
 */
record WebSocketKey(String text) {
    private static final int KEY_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** A new one for a request that asks for a WebSocket without a key; empty for every other. */
    static Optional<WebSocketKey> of(RequestHead request) {
        boolean isKeyless = request.version() == HttpVersion.HTTP_2 || request.version() == HttpVersion.HTTP_3;
        if (!request.isWebSocket() || !isKeyless) {
            return Optional.empty();
        }
        byte[] octets = new byte[KEY_BYTES];
        RANDOM.nextBytes(octets);
        return Optional.of(new WebSocketKey(Base64.getEncoder().encodeToString(octets)));
    }

    /** Whether these fields of an answer prove that the origin has understood the key. */
    boolean isAccepted(Fields answer) {
        return answer.count(FieldName.SEC_WEBSOCKET_ACCEPT) == 1
                && answer.value(FieldName.SEC_WEBSOCKET_ACCEPT).equals(WebSocketAccept.of(text));
    }
}
