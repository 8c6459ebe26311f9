package io.anycastle.proxy.exchange;

import io.anycastle.core.geo.AddressFacts;
import io.anycastle.core.model.DomainName;
import io.anycastle.core.view.EdgeView;
import io.anycastle.core.view.HostRoute;
import io.anycastle.proxy.log.AccessLogLines;
import io.anycastle.proxy.log.AccessLogLines.Member;
import io.anycastle.proxy.log.TailFeed;
import io.anycastle.proxy.log.TailFilter;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.HttpVersion;
import io.anycastle.proxy.message.RequestHead;
import java.util.List;
import java.util.Optional;

/** What the access log says of a request. */
final class AccessLog {
    private AccessLog() {}

    static void write(Exchange exchange, AccessLogLines log, long nanos) {
        var config = exchange.surroundings().config();
        String tls = exchange.connection().tlsVersion();
        log.time(Member.TIME, System.currentTimeMillis())
                .text(Member.RAY, exchange.ray())
                .text(Member.NODE, config.node())
                .text(Member.COLO, config.colo())
                .text(Member.CLIENT, exchange.clientText());
        place(exchange.clientFacts(), log);
        log.text(Member.SCHEME, exchange.scheme())
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

    /** Gives the line to those who follow the log and want it. */
    static void give(Exchange exchange, List<TailFeed> feeds, long nanos) {
        Optional<DomainName> zone = zone(exchange);
        if (zone.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (TailFeed feed : feeds) {
            if (isWanted(exchange, feed.filter(), zone.get()) && feed.takesLine(now)) {
                write(exchange, feed.lines(), nanos);
                feed.lines().flush();
            }
        }
    }

    private static Optional<DomainName> zone(Exchange exchange) {
        Optional<HostRoute> route = exchange.route();
        if (route.isPresent()) {
            return Optional.of(route.get().zone().name());
        }
        EdgeView view = exchange.surroundings().view().get();
        return exchange.hostName().flatMap(view::zoneOf).map(zone -> zone.zone().name());
    }

    private static boolean isWanted(Exchange exchange, TailFilter filter, DomainName zone) {
        return filter.takesStatus(exchange.stream().status())
                && filter.zone().equals(zone)
                && begins(exchange.request(), filter.path());
    }

    private static boolean begins(RequestHead request, String path) {
        if (request.targetLength() < path.length()) {
            return false;
        }
        for (int i = 0; i < path.length(); i++) {
            if (request.targetAt(i) != path.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static void place(AddressFacts client, AccessLogLines log) {
        if (client.isCountryKnown()) {
            log.text(Member.COUNTRY, client.country());
        }
        if (client.asn() != 0) {
            log.number(Member.ASN, client.asn());
        }
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
        if (exchange.origins().isEmpty()) {
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
