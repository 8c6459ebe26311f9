package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.coding.BodyRecoder;
import io.anycastle.proxy.coding.CodingPlan;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.ResponseHead;
import java.util.Optional;

/**
 * How the body of an answer goes to its client.
 *
 * @param length of what the client gets, in octets or one of {@link BodyLength}
 * @param recoder what it goes through; empty where it goes as it is, or there is none
 */
record AnswerCoding(CodingPlan plan, long length, Optional<BodyRecoder> recoder) {
    /** Decides; a recoder that is begun is the caller's to close. */
    static AnswerCoding of(Exchange exchange, ResponseHead head, long length) {
        ExchangeContext context = exchange.surroundings();
        long told = length == BodyLength.NONE ? told(head.fields()) : length;
        CodingPlan plan = context.codings().plan(exchange.fields(), head, told);
        if (plan.encoded() != null && context.encoders().isExhausted()) {
            exchange.counters().count(Event.COMPRESSIONS_OMITTED);
            plan = plan.withoutEncoding();
        }
        if (!plan.changesBody() || length == BodyLength.NONE) {
            return new AnswerCoding(plan, length, Optional.empty());
        }
        exchange.counters().count(plan.encoded() == null ? Event.DECOMPRESSED : Event.COMPRESSED);
        BodyRecoder recoder =
                BodyRecoder.of(context.encoders(), context.codings().config(), plan);
        return new AnswerCoding(plan, BodyLength.UNKNOWN, Optional.of(recoder));
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
