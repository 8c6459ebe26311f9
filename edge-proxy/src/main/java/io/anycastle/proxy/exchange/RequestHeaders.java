package io.anycastle.proxy.exchange;

import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import io.netty.util.AsciiString;
import java.util.List;

/** The header fields that go to the origin: the client's, less what is not theirs to say, and what the edge knows. Pure. */
final class RequestHeaders {
    private static final AsciiString KEEP_ALIVE = new AsciiString("Keep-Alive");
    private static final AsciiString TE_AND_KEEP_ALIVE = new AsciiString("TE, Keep-Alive");
    private static final AsciiString TRAILERS = new AsciiString("trailers");
    private static final AsciiString UPGRADE = new AsciiString("upgrade");
    private static final AsciiString WEBSOCKET = new AsciiString("websocket");
    private static final AsciiString VISITOR_HTTP = new AsciiString("{\"scheme\":\"http\"}");
    private static final AsciiString VISITOR_HTTPS = new AsciiString("{\"scheme\":\"https\"}");

    /**
     * What the edge knows of the request.
     *
     * @param peer the address at the other end of the connection
     * @param client the client's own address: the peer's, or what a trusted proxy says
     * @param country the client's, or empty to say none
     * @param scheme {@code http} or {@code https}
     */
    record Facts(
            String host,
            String peer,
            String client,
            String country,
            String scheme,
            AsciiString ray,
            String loopToken) {}

    private RequestHeaders() {}

    /** @param isUpgrade whether the origin is asked to switch to WebSocket */
    static void write(Exchange exchange, boolean isUpgrade, FieldWriter to) {
        RequestHead request = exchange.request();
        var config = exchange.surroundings().config();
        String host = exchange.askedTarget().host().orElseGet(() -> exchange.hostField());
        write(
                request,
                new Facts(
                        host,
                        exchange.connection().peerText(),
                        exchange.clientText(),
                        exchange.clientFacts().country(),
                        exchange.scheme(),
                        exchange.ray(),
                        config.loopToken()),
                to);
        to.add(FieldName.ACCEPT_ENCODING, exchange.surroundings().codings().acceptedFromOrigin(request.fields()));
        if (isUpgrade) {
            to.add(FieldName.CONNECTION, UPGRADE);
            to.add(FieldName.UPGRADE, WEBSOCKET);
        } else if (request.fields().lists(FieldName.TE, TRAILERS)) {
            to.add(FieldName.CONNECTION, TE_AND_KEEP_ALIVE);
            to.add(FieldName.TE, TRAILERS);
        } else {
            to.add(FieldName.CONNECTION, KEEP_ALIVE);
        }
        if (config.via().inRequests()) {
            Hops.addVia(to, request.version(), config.loopToken());
        }
    }

    static void write(RequestHead request, Facts facts, FieldWriter to) {
        Fields from = request.fields();
        to.add(FieldName.HOST, facts.host());
        copy(request, from, to);
        if (Hops.isCounted(request)) {
            to.add(FieldName.MAX_FORWARDS, Integer.toString(Hops.left(request) - 1));
        }
        to.add(
                FieldName.X_FORWARDED_FOR,
                from.has(FieldName.X_FORWARDED_FOR)
                        ? forwardedFor(from.values(FieldName.X_FORWARDED_FOR), facts.peer())
                        : facts.peer());
        to.add(FieldName.X_FORWARDED_PROTO, facts.scheme());
        to.add(FieldName.CF_CONNECTING_IP, facts.client());
        if (!facts.country().isEmpty()) {
            to.add(FieldName.CF_IPCOUNTRY, facts.country());
        }
        to.add(FieldName.CF_VISITOR, facts.scheme().equals("https") ? VISITOR_HTTPS : VISITOR_HTTP);
        to.add(FieldName.CF_RAY, facts.ray());
        to.add(
                FieldName.CDN_LOOP,
                from.has(FieldName.CDN_LOOP)
                        ? appended(from.values(FieldName.CDN_LOOP), facts.loopToken())
                        : facts.loopToken());
    }

    private static void copy(RequestHead request, Fields from, FieldWriter to) {
        boolean isListing = from.has(FieldName.CONNECTION) && !FieldRules.isPlainConnection(from);
        int run = 0;
        for (int i = 0; i < from.count(); i++) {
            if (!isForwarded(request, from, i) || (isListing && FieldRules.belongsToConnection(from, i))) {
                to.copy(from, run, i);
                run = i + 1;
            }
        }
        to.copy(from, run, from.count());
    }

    /** A name that neither belongs to the connection nor to the edge, in any spelling that an origin may take for one that does. */
    private static boolean isForwarded(RequestHead request, Fields from, int index) {
        FieldName name = from.folded(index);
        if (name == FieldName.OTHER) {
            return true;
        }
        return switch (name) {
            case CONTENT_LENGTH -> from.name(index) == name;
            case EXPECT -> request.version() != HttpVersion.HTTP_1_0;
            case MAX_FORWARDS -> from.name(index) != name || !Hops.isCounted(request);
            default -> name.passesToOrigins();
        };
    }

    private static String appended(List<String> before, String own) {
        StringBuilder list = new StringBuilder();
        for (String value : before) {
            if (!value.isBlank()) {
                list.append(value.strip()).append(", ");
            }
        }
        return list.append(own).toString();
    }

    /** The addresses without those elements that are empty (RFC 9110 section 5.6.1). */
    private static String forwardedFor(List<String> before, String own) {
        StringBuilder list = new StringBuilder();
        for (String value : before) {
            for (String address : value.split(",", -1)) {
                if (!address.isBlank()) {
                    list.append(address.strip()).append(", ");
                }
            }
        }
        return list.append(own).toString();
    }
}
