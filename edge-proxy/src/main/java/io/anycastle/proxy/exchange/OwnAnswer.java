package io.anycastle.proxy.exchange;

import io.anycastle.core.model.Maintenance;
import io.anycastle.core.model.ZonePages;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.ErrorFacts;
import io.anycastle.proxy.reply.ErrorPage;
import io.anycastle.proxy.reply.Format;
import io.anycastle.proxy.reply.HttpDate;
import io.anycastle.proxy.reply.Negotiation;
import io.anycastle.proxy.reply.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Sends what the edge itself answers. */
final class OwnAnswer {
    private static final AsciiString NO_STORE = new AsciiString("private, no-store");
    private static final AsciiString ACCEPT = new AsciiString("accept");

    private OwnAnswer() {}

    static void send(Exchange exchange, Reply reply) {
        FieldWriter to = begin(exchange, reply.status());
        to.add(FieldName.CONTENT_TYPE, reply.contentType());
        if (!reply.allow().isEmpty()) {
            to.add(FieldName.ALLOW, reply.allow());
        }
        if (!reply.location().isEmpty()) {
            to.add(FieldName.LOCATION, reply.location());
        }
        end(exchange, to, reply.body(), false);
    }

    /** Ends the client's connection without a word. */
    static void close(Exchange exchange) {
        ClientStream stream = exchange.stream();
        exchange.end();
        stream.abort();
        stream.connection().endSoon();
    }

    static void refuse(Exchange exchange, EdgeError error, String detail) {
        exchange.counters().countError(error);
        exchange.failsWith(error);
        Format format = Negotiation.choose(exchange.fields().value(FieldName.ACCEPT));
        Optional<HostRoute> site = SitePages.route(exchange);
        ZonePages pages = site.map(HostRoute::pages).orElse(ZonePages.NONE);
        int retryAfter =
                error == EdgeError.MAINTENANCE ? retryAfter(exchange, pages.maintenance()) : error.retryAfterSeconds();
        FieldWriter to = begin(exchange, error.status());
        to.add(FieldName.CONTENT_TYPE, format.contentType());
        to.add(FieldName.CF_ERROR_TYPE, error.word());
        to.add(FieldName.CF_ERROR_ORIGIN, error.fault().word());
        if (retryAfter > 0) {
            to.add(FieldName.RETRY_AFTER, Integer.toString(retryAfter));
        }
        if (error == EdgeError.METHOD_NOT_ALLOWED) {
            to.add(FieldName.ALLOW, CountHops.METHODS);
        }
        Optional<String> own =
                format == Format.HTML ? SitePages.page(exchange, pages, error, detail) : Optional.empty();
        String body = own.orElseGet(() -> {
            String zone = site.map(r -> r.zone().name().toString()).orElse("");
            String host = exchange.hostName().map(Object::toString).orElse("");
            String ray = exchange.ray().toString();
            return ErrorPage.write(new ErrorFacts(error, detail, retryAfter, ray, zone, host, Instant.now()), format);
        });
        end(exchange, to, body, error.endsConnection());
    }

    private static int retryAfter(Exchange exchange, Maintenance maintenance) {
        Duration usual = exchange.surroundings().config().reply().maintenanceRetryAfter();
        return maintenance.retryAfterSeconds().orElse((int) usual.toSeconds());
    }

    private static FieldWriter begin(Exchange exchange, int status) {
        ClientStream stream = exchange.stream();
        stream.listen(exchange);
        return stream.answer(status, HttpResponseStatus.valueOf(status).reasonPhrase());
    }

    private static void end(Exchange exchange, FieldWriter to, String text, boolean isLast) {
        ClientStream stream = exchange.stream();
        ByteBuf body = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
        to.add(FieldName.CACHE_CONTROL, NO_STORE);
        to.add(FieldName.DATE, HttpDate.nowOctets());
        to.add(FieldName.VARY, ACCEPT);
        to.add(FieldName.SERVER, ResponseHeaders.ANYCASTLE);
        to.add(FieldName.CF_RAY, exchange.ray());
        ResponseHeaders.announce(exchange, to);
        ServerTiming.write(exchange, to);
        to.add(FieldName.CONTENT_LENGTH, Integer.toString(body.readableBytes()));
        if (exchange.isHead()) {
            stream.endHead(BodyLength.NONE, isLast);
            body.release();
        } else {
            stream.endHead(body.readableBytes(), isLast);
            stream.write(body);
        }
        stream.endAnswer(null);
        stream.resumeBody();
    }
}
