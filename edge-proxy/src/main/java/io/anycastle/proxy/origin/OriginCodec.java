package io.anycastle.proxy.origin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.List;

/** What stands between an origin's octets and Vert.x's messages: writes requests, and reads answers by what was asked. */
final class OriginCodec extends CombinedChannelDuplexHandler<AnswerDecoder, HttpRequestEncoder> {
    OriginCodec(AnswerDecoder answers) {
        super(answers, new Requests(answers));
    }

    AnswerDecoder answers() {
        return inboundHandler();
    }

    /** Tells the reader what it reads an answer to. */
    private static final class Requests extends HttpRequestEncoder {
        private final AnswerDecoder answers;

        Requests(AnswerDecoder answers) {
            this.answers = answers;
        }

        @Override
        protected void encode(ChannelHandlerContext context, Object message, List<Object> out) throws Exception {
            if (message instanceof HttpRequest request) {
                answers.expect(request.method());
            }
            super.encode(context, message, out);
        }
    }
}
