package io.anycastle.proxy.exchange;

import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.log.AccessLogLines.Member;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;

/** What the access log says of a request. */
final class AccessLog {
    private AccessLog() {}

    static void write(Exchange exchange, AccessLogLines log, long nanos) {
        var config = exchange.surroundings().config();
        String tls = exchange.connection().tlsVersion();
        log.time(Member.TIME, System.currentTimeMillis())
                .text(Member.RAY, exchange.ray().text())
                .text(Member.NODE, config.node())
                .text(Member.COLO, config.colo())
                .text(Member.CLIENT, exchange.clientText())
                .text(Member.SCHEME, exchange.scheme())
                .text(Member.METHOD, exchange.request().method());
        field(exchange, log, Member.HOST, FieldName.HOST);
        target(exchange, log);
        log.text(Member.PROTOCOL, exchange.request().version().logged());
        if (tls != null) {
            log.text(Member.TLS, tls);
        }
        log.number(Member.STATUS, exchange.stream().status());
        if (exchange.errorCode() != 0) {
            log.number(Member.ERROR, exchange.errorCode());
        }
        log.number(Member.BYTES, exchange.stream().bytesWritten())
                .number(Member.BYTES_IN, exchange.stream().bytesRead())
                .millis(Member.DURATION_MS, nanos);
        origin(exchange, log);
        field(exchange, log, Member.USER_AGENT, FieldName.USER_AGENT);
        field(exchange, log, Member.REFERER, FieldName.REFERER);
        field(exchange, log, Member.TRACEPARENT, FieldName.TRACEPARENT);
        log.end();
    }

    private static void target(Exchange exchange, AccessLogLines log) {
        var request = exchange.request();
        if (request.isRewritten()) {
            log.text(Member.PATH, request.target());
        } else {
            log.text(Member.PATH, request.fields().octets(), request.targetFrom(), request.targetTo());
        }
    }

    private static void field(Exchange exchange, AccessLogLines log, Member member, FieldName name) {
        Fields fields = exchange.fields();
        int index = fields.first(name);
        if (index >= 0) {
            log.text(member, fields.octets(), fields.valueFrom(index), fields.valueTo(index));
        }
    }

    private static void origin(Exchange exchange, AccessLogLines log) {
        if (exchange.targets().isEmpty()) {
            return;
        }
        log.text(Member.ORIGIN, exchange.askedTarget().text());
        HttpVersion spoken = exchange.originVersion();
        if (spoken != null) {
            log.text(Member.ORIGIN_PROTOCOL, spoken.logged());
        }
        if (exchange.connectNanos() >= 0) {
            log.millis(Member.CONNECT_MS, exchange.connectNanos());
        }
        if (exchange.firstByteNanos() >= 0) {
            log.millis(Member.FIRST_BYTE_MS, exchange.firstByteNanos());
        }
    }
}
