package io.anycastle.proxy.exchange;

import io.anycastle.core.model.AddressText;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/** Writes the header fields of a request for its origin. */
final class OriginHead {
    private OriginHead() {}

    static void write(Exchange exchange, MultiMap headers) {
        var config = exchange.surroundings().config();
        var request = exchange.request();
        String host = exchange.host().orElseThrow() instanceof HostHeader.Named named ? named.field() : "";
        RequestHeaders.write(
                request.headers(),
                headers,
                new RequestHeaders.Facts(
                        host,
                        AddressText.of(exchange.peer().getAddress()),
                        AddressText.of(exchange.client().getAddress()),
                        exchange.scheme(),
                        exchange.ray(),
                        config.loopToken()));
        Hops.countDown(request.method(), headers);
        if (config.via().inRequests()) {
            Hops.addVia(headers, exchange.isHttp10() ? "1.0" : "1.1", config.loopToken());
        }
        if (exchange.isHttp10()) {
            headers.remove(HttpHeaders.EXPECT); // it knows no interim answers (RFC 9110 section 10.1.1)
        }
    }
}
