package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.coding.BodyRecoder;
import io.anycastle.proxy.coding.CodingPlan;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;

/** How the body of an answer goes to its client. */
final class AnswerCoding {
    private AnswerCoding() {}

    /** @param length of the body as the origin sends it, in octets or one of {@link BodyLength} */
    static CodingPlan plan(Exchange exchange, ResponseHead head, long length) {
        ExchangeContext context = exchange.surroundings();
        long told = length == BodyLength.NONE ? told(head.fields()) : length;
        CodingPlan plan = context.codings().plan(exchange.fields(), head, told);
        if (plan.encoded() != null && context.encoders().isExhausted()) {
            exchange.counters().count(Event.COMPRESSIONS_OMITTED);
            return plan.withoutEncoding();
        }
        return plan;
    }

    /** Begins a change of a body; it is the caller's to close. */
    static BodyRecoder begin(Exchange exchange, CodingPlan plan) {
        ExchangeContext context = exchange.surroundings();
        exchange.counters().count(plan.encoded() == null ? Event.DECOMPRESSED : Event.COMPRESSED);
        return BodyRecoder.of(context.encoders(), context.codings().config(), plan);
    }

    /** What the answer to HEAD says of the body that it does not have. */
    private static long told(Fields fields) {
        int index = fields.first(FieldName.CONTENT_LENGTH);
        if (index < 0 || fields.valueTo(index) - fields.valueFrom(index) > 18) {
            return BodyLength.UNKNOWN;
        }
        long length = 0;
        for (int i = fields.valueFrom(index); i < fields.valueTo(index); i++) {
            length = length * 10 + fields.octets()[i] - '0';
        }
        return length;
    }
}
