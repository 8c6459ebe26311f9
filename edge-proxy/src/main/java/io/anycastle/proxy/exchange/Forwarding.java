package io.anycastle.proxy.exchange;

import io.anycastle.proxy.ProxyConfig;
import io.anycastle.proxy.ProxyCounters.Event;
import io.anycastle.proxy.coding.CodingPlan;
import io.anycastle.proxy.message.BodyLength;
import io.anycastle.proxy.message.ClientStream;
import io.anycastle.proxy.message.FieldName;
import io.anycastle.proxy.message.FieldWriter;
import io.anycastle.proxy.message.Fields;
import io.anycastle.proxy.message.OriginStream;
import io.anycastle.proxy.message.RequestListener;
import io.anycastle.proxy.message.ResponseHead;
import io.anycastle.proxy.message.ResponseListener;
import io.anycastle.proxy.origin.InvalidAnswerException;
import io.anycastle.proxy.origin.OriginFailure;
import io.anycastle.proxy.origin.OriginPool;
import io.anycastle.proxy.origin.OriginTarget;
import io.anycastle.proxy.origin.UnprocessedException;
import io.anycastle.proxy.reply.EdgeError;
import io.anycastle.proxy.reply.Reply;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the origin and passes its answer on, streaming both ways. Framing is never passed on: each message is parsed and framed anew.
 * Until something of the request's body has left or an answer has begun, a failed attempt may be made again; after the answer has begun,
 * a failure ends the client's stream, so that a cut answer never looks whole. A WebSocket is an exchange whose bodies are another protocol:
 * each side's end comes behind its last octet, and when both have ended so do the connections.
 */
final class Forwarding implements RequestListener, ResponseListener, Download.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);
    /** How often an origin may refuse a request unprocessed until its word is taken. */
    private static final int REFUSALS_MAX = 2;

    private static final AsciiString CONTINUE = new AsciiString("100-continue");

    private final Exchange exchange;
    private final ClientStream client;
    private final RequestUpload upload = new RequestUpload();
    private final Download download;
    private final boolean isUpgrade;
    private final Optional<WebSocketKey> key;
    private @Nullable OriginStream origin;
    /** Null where there is nothing to choose. */
    private final @Nullable SeveralOrigins several;
    /** Null where the body is not to be sent again. */
    private final @Nullable ReplayBuffer replay;

    /** Null before the origin has switched. */
    private @Nullable WebSocketTunnel tunnel;

    private int refusals;
    private boolean isRetried;
    private boolean mayContinue;
    private boolean isQueued;
    private boolean isKept;
    private boolean isSent;
    private boolean isAnswered;
    private boolean isOver;
    private long waitsSince = System.nanoTime();

    Forwarding(Exchange exchange) {
        this.exchange = exchange;
        this.client = exchange.stream();
        this.download = new Download(client, this);
        this.isUpgrade = exchange.request().isWebSocket();
        this.key = WebSocketKey.of(exchange.request());
        this.mayContinue = !exchange.isHttp10() && exchange.fields().lists(FieldName.EXPECT, CONTINUE);
        this.several = SeveralOrigins.of(exchange);
        this.replay = several == null ? null : replay();
    }

    private @Nullable ReplayBuffer replay() {
        ReplayMemory memory = exchange.surroundings().replays();
        boolean isWanted = exchange.hasBody()
                && !isUpgrade
                && isIdempotent()
                && memory.bodyBytesMax() > 0
                && client.bodyLength() <= memory.bodyBytesMax();
        return isWanted ? new ReplayBuffer(memory) : null;
    }

    // ---- the way to the origin

    void begin() {
        client.listen(this);
        exchange.seeks();
        if (Login.isOffered(exchange.fields())) {
            Login.begin(exchange);
        }
        Optional<Login> login = Login.of(exchange.connection());
        if (login.isPresent()) {
            login.get().first(exchange);
        }
        connect();
    }

    private OriginTarget target() {
        return several == null ? exchange.origins().getFirst().target() : several.target();
    }

    private void connect() {
        waitsSince = System.nanoTime();
        isQueued = false;
        if (several != null) {
            several.begins();
        }
        OriginPool pool = exchange.surroundings().origins();
        OriginTarget target = target();
        Optional<Login> login = Login.of(exchange.connection());
        if (login.isPresent()) {
            login.get().request(exchange, target, this);
        } else if (target.sendsProxyHeader()) {
            ToldOrigins.of(exchange).request(exchange, target, isRetried, this);
        } else if (isRetried) {
            pool.requestAlone(target, isUpgrade, this);
        } else if (isUpgrade) {
            pool.requestTunnel(target, this);
        } else {
            pool.request(target, this);
        }
    }

    @Override
    public void queued() {
        isQueued = true;
    }

    @Override
    public void connectFailed(Throwable failure) {
        if (isOver) {
            return;
        }
        exchange.counters().count(Event.ORIGIN_CONNECT_FAILURES);
        failHere(OriginFailure.whileConnecting(failure), true);
    }

    /**
     * The origin that was asked gives no answer: another one is asked where there is one.
     *
     * @param isSafe whether that can do no harm: nothing of the request has been sent, or it may be sent twice and all of it is here (RFC
     *     9110 section 9.2.2)
     */
    private void failHere(EdgeError error, boolean isSafe) {
        if (several != null) {
            several.failed(error);
            if (isSafe && several.goesOn()) {
                isRetried = false;
                leavesConnection();
                connect();
                return;
            }
        }
        refuse(error);
    }

    @Override
    public void connected(OriginStream stream) {
        if (isOver) {
            stream.abandon();
            return;
        }
        origin = stream;
        isSent = false;
        exchange.asks(several == null ? 0 : several.attempt(), stream.version());
        isKept = stream.isKept();
        waitsSince = System.nanoTime();
        if (isKept && !mayBeSentTwice()) {
            stream.afterLook(() -> {
                if (!isOver && stream.equals(origin)) {
                    send(stream);
                }
            });
        } else {
            send(stream);
        }
    }

    private boolean mayBeSentTwice() {
        return !exchange.hasBody() && isIdempotent();
    }

    private boolean isIdempotent() {
        return switch (exchange.request().method()) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE" -> true;
            default -> false;
        };
    }

    private void send(OriginStream to) {
        if (!isBodyHere()) {
            failHere(EdgeError.ORIGIN_UNEXPECTED, false); // the origin before this one was sent what is gone
            return;
        }
        isSent = true;
        exchange.counters().count(Event.ORIGIN_REQUESTS);
        FieldWriter fields = to.request(exchange.request());
        RequestHeaders.write(exchange, isUpgrade, fields);
        if (key.isPresent()) {
            fields.add(FieldName.SEC_WEBSOCKET_KEY, key.get().text());
        }
        if (isUpgrade) {
            to.endHead(BodyLength.TUNNEL);
        } else {
            to.endHead(client.bodyLength());
            upload.restart();
            sendBody(to);
        }
        if (!client.isReading()) {
            to.flush(); // else with what is being read
        }
    }

    /** Sends what another origin was sent before, and lets the rest come. */
    private void sendBody(OriginStream to) {
        if (replay != null) {
            replay.sendTo(to);
        }
        if (!exchange.hasBody()) {
            upload.end();
        } else if (upload.isEnded()) {
            to.endRequest(null);
        } else {
            client.resumeBody();
        }
    }

    @Override
    public void uploaded(ByteBuf piece) {
        OriginStream to = origin;
        if (isOver || to == null) {
            piece.release();
            return;
        }
        if (replay != null) {
            replay.add(piece);
        }
        if (client.bytesRead() > config().bodies().bytesMax() && tunnel == null) {
            piece.release();
            uploadIsTooLarge();
            return;
        }
        upload.moved();
        if (tunnel == null) {
            to.write(piece);
        } else {
            tunnel.toOrigin(piece, to);
        }
        if (to.equals(origin) && !to.isWritable()) {
            to.flush();
            if (!to.isWritable()) {
                upload.block();
                client.pauseBody();
            }
        }
    }

    private void uploadIsTooLarge() {
        if (isAnswered) {
            exchange.failsWith(EdgeError.BODY_TOO_LARGE);
            cut();
        } else {
            refuse(EdgeError.BODY_TOO_LARGE);
        }
    }

    @Override
    public void uploadEnded(@Nullable Fields trailers) {
        if (isOver) {
            return;
        }
        upload.end();
        waitsSince = System.nanoTime();
        if (replay != null && trailers != null) {
            replay.giveUp(); // they are not kept
        }
        OriginStream to = origin;
        if (to == null) {
            return; // the next one is told
        }
        if (tunnel != null) {
            tunnel.leave(to);
        }
        to.endRequest(Trailers.toOrigin(trailers));
        if (tunnel != null && download.isEnded()) {
            endTunnel();
        } else if (!client.isReading()) {
            to.flush();
        }
    }

    @Override
    public void clientReadComplete() {
        OriginStream to = origin;
        if (isSent && !isOver && to != null) {
            to.flush();
        }
    }

    @Override
    public void writable() {
        if (upload.isBlocked()) {
            upload.unblock();
            client.resumeBody();
        }
    }

    // ---- the way back

    /** Passes on what the client may know already; a 100 only to whom waits for it. */
    @Override
    public void interim(ResponseHead interim) {
        if (isOver || isAnswered || exchange.isHttp10()) {
            return;
        }
        if (interim.status() == 100) {
            if (!mayContinue) {
                return;
            }
            mayContinue = false;
            waitsSince = System.nanoTime();
        }
        FieldWriter to = client.interim(interim);
        if (to != null) {
            ResponseHeaders.copyInterim(interim.fields(), to);
            client.endInterim();
        }
    }

    @Override
    public void answered(ResponseHead head, long length) {
        if (isOver) {
            return;
        }
        boolean isSwitched = length == BodyLength.TUNNEL;
        if (isSwitched && key.isPresent() && !key.get().isAccepted(head.fields())) {
            refuse(EdgeError.ORIGIN_UNEXPECTED);
            return;
        }
        if (several != null) {
            several.answered(head.status());
        }
        if (replay != null) {
            replay.giveUp();
        }
        exchange.originAnswers();
        if (head.status() >= 500 && !isSwitched && isReplaced(head)) {
            return;
        }
        isAnswered = true;
        download.restart();
        if (!isSwitched) {
            followLogin(head);
        }
        CodingPlan coding = AnswerCoding.plan(exchange, head, length);
        boolean isRecoded = coding.changesBody() && length != BodyLength.NONE;
        if (isRecoded) {
            // it is given back from here on, whatever becomes of the head; events have no length
            download.recodes(AnswerCoding.begin(exchange, coding), length == BodyLength.UNKNOWN);
        }
        FieldWriter to = client.answer(head);
        boolean hasLength = length >= 0 || (length == BodyLength.NONE && head.status() != 204);
        ResponseHeaders.write(exchange, head, hasLength, coding, to);
        client.endHead(isRecoded ? BodyLength.UNKNOWN : length, false);
        if (isSwitched) {
            exchange.counters().count(Event.TUNNELS);
            tunnel = new WebSocketTunnel(client);
            client.resumeBody();
        }
    }

    /** Whether the site shows a page of its own in the place of that error. */
    private boolean isReplaced(ResponseHead error) {
        Optional<Reply> instead = SitePages.inPlaceOf(exchange, error);
        instead.ifPresent(reply -> {
            over();
            leaveOrigin();
            OwnAnswer.send(exchange, reply);
        });
        return instead.isPresent();
    }

    private void followLogin(ResponseHead answer) {
        OriginStream from = origin;
        if (from == null) {
            return;
        }
        if (Login.of(exchange.connection()).isPresent()) {
            if (!from.staysOpen()) {
                exchange.connection().endSoon();
            }
        } else if (Login.isAsked(answer.fields())) {
            Login.begin(exchange);
            from.useLast();
        }
    }

    @Override
    public void body(ByteBuf piece) {
        OriginStream from = origin;
        if (isOver || from == null) {
            piece.release();
            return;
        }
        download.take(tunnel == null ? piece : tunnel.toClient(piece), from);
    }

    @Override
    public void recodingFailed(Exception failure) {
        if (isOver) {
            return;
        }
        LOG.debug("The answer to {} is cut off", exchange.ray().toString(), failure);
        exchange.counters().count(Event.MISCODED);
        exchange.failsWith(EdgeError.ORIGIN_UNEXPECTED);
        cut();
    }

    @Override
    public void clientWritable() {
        OriginStream from = origin;
        if (from != null) {
            download.goesOn(from);
        }
    }

    @Override
    public void readComplete() {
        if (!isOver) {
            download.flush();
        }
    }

    /** The answer has come whole; what the client has not sent yet of its request, nobody wants any more. */
    @Override
    public void ended(@Nullable Fields trailers) {
        if (isOver || !download.finish()) {
            return;
        }
        if (tunnel != null) {
            client.endAnswer(null);
            if (upload.isEnded()) {
                endTunnel();
            }
            return;
        }
        over();
        OriginStream from = origin;
        boolean isUnread = exchange.hasBody() && !client.isBodyEnded();
        if ((isUnread || isUpgrade) && from != null) {
            from.abandon();
        }
        client.listen(exchange);
        client.endAnswer(Trailers.toClient(trailers));
        client.resumeBody();
    }

    // ---- ends before their time

    @Override
    public void failed(Throwable failure) {
        if (isOver) {
            return;
        }
        if (failure instanceof InvalidAnswerException) {
            exchange.counters().count(Event.ORIGIN_ANSWERS_MALFORMED);
        }
        if (tunnel != null) {
            over();
            client.closeTunnel();
        } else if (isAnswered) {
            cut();
        } else if (failure instanceof UnprocessedException && refusals < REFUSALS_MAX && isBodyWhole()) {
            refusals++;
            askAgain(Event.ORIGIN_REFUSALS);
        } else if (canAskAgain()) {
            isRetried = true;
            askAgain(Event.ORIGIN_RETRIES);
        } else {
            failHere(EdgeError.ORIGIN_UNEXPECTED, mayBeSentElsewhere(failure));
        }
    }

    /** Whether it does no harm when the request is sent to another origin, and is here to be sent. */
    private boolean mayBeSentElsewhere(Throwable failure) {
        return !isSent || (isBodyHere() && (isIdempotent() || failure instanceof UnprocessedException));
    }

    /** Whether all of the body that has come can be sent. */
    private boolean isBodyHere() {
        return isBodyWhole() || (replay != null && replay.isWhole());
    }

    /** The connection that the request was on is not its any more. */
    private void leavesConnection() {
        if (origin != null) {
            origin = null;
            upload.unblock();
            client.pauseBody();
        }
    }

    private void askAgain(Event counted) {
        leavesConnection();
        exchange.counters().count(counted);
        connect();
    }

    /** Whether the request could be sent once more as it came. */
    private boolean isBodyWhole() {
        return !exchange.hasBody() || isUntouched();
    }

    private boolean isUntouched() {
        return exchange.hasBody() && !upload.hasMoved() && !upload.isEnded();
    }

    /**
     * A kept connection may have been closed by the origin just when it was used: the origin has not seen the request then, or not enough
     * of it to do anything.
     */
    private boolean canAskAgain() {
        return !isRetried && isKept && (!isSent || isUntouched() || (isIdempotent() && isBodyHere()));
    }

    private void refuse(EdgeError error) {
        if (isOver) {
            return;
        }
        over();
        leaveOrigin();
        OwnAnswer.refuse(exchange, error, "");
    }

    private void over() {
        isOver = true;
        download.close();
        if (several != null) {
            several.ends();
        }
        if (replay != null) {
            replay.giveUp();
        }
    }

    private void leaveOrigin() {
        OriginStream left = origin;
        if (left == null) {
            exchange.surroundings().origins().cancel(target(), this);
        } else {
            left.abandon();
        }
    }

    /** The answer ends before it is whole. */
    private void cut() {
        exchange.counters().count(Event.ANSWERS_TRUNCATED);
        over();
        leaveOrigin();
        exchange.end();
        client.abort();
    }

    @Override
    public void uploadMalformed() {
        if (isOver) {
            return;
        }
        if (isAnswered) {
            cut();
        } else {
            exchange.counters().count(Event.REQUESTS_MALFORMED);
            refuse(EdgeError.BAD_REQUEST);
        }
    }

    @Override
    public void sent() {
        exchange.end();
    }

    /** The client is gone: the origin need not go on. */
    @Override
    public void gone() {
        OriginStream left = origin;
        if (!isOver) {
            over();
            if (tunnel != null && left != null) {
                tunnel.leave(left);
                left.closeTunnel();
            } else {
                leaveOrigin();
            }
        }
        exchange.end();
    }

    @Override
    public void stops(boolean hasTime) {
        if (tunnel != null && !isOver) {
            tunnel.end();
            if (!hasTime && origin != null) {
                tunnel.leave(origin);
            }
        }
    }

    /** Both sides have said all. */
    private void endTunnel() {
        OriginStream left = origin;
        over();
        client.listen(exchange);
        client.closeTunnel();
        if (left != null) {
            left.closeTunnel();
        }
    }

    // ---- deadlines

    @Override
    public void expire(long nowNanos) {
        if (isOver) {
            return;
        }
        if (origin == null) {
            expireConnecting(nowNanos);
        } else if (tunnel != null) {
            expireTunnel(nowNanos);
        } else if (isAnswered) {
            expireAnswer(nowNanos);
        } else {
            expireAsking(nowNanos);
        }
    }

    private ProxyConfig config() {
        return exchange.surroundings().config();
    }

    /** Connecting has its own deadlines; what waits for a connection to become free has this one. */
    private void expireConnecting(long nowNanos) {
        Duration connecting =
                config().origins().connectTimeout().plus(config().origins().handshakeTimeout());
        long limit = isQueued ? config().origins().queueTimeout().toNanos() : 2 * connecting.toNanos();
        if (nowNanos - waitsSince > limit) {
            exchange.surroundings().origins().cancel(target(), this);
            failHere(EdgeError.TOO_BUSY, isQueued);
        }
    }

    private long movedNanos() {
        return exchange.hasBody() || tunnel != null
                ? Math.max(upload.movedNanos(), download.movedNanos())
                : download.movedNanos();
    }

    private void expireTunnel(long nowNanos) {
        // who has heard the other side's end has nothing to wait for but its own
        Duration limit = download.isEnded()
                ? config().clients().write()
                : config().clients().idle();
        if (nowNanos - movedNanos() > limit.toNanos()) {
            over();
            leaveOrigin();
            exchange.end();
            client.abort();
        }
    }

    private void expireAnswer(long nowNanos) {
        Duration limit = download.isBlocked()
                ? config().clients().write()
                : config().origins().silenceTimeout();
        if (nowNanos - movedNanos() > limit.toNanos()) {
            cut();
        }
    }

    /** Whoever owes the next octet has its own deadline: the client its body, then the origin its answer. */
    private void expireAsking(long nowNanos) {
        if (upload.isEnded() || !isSent || isUpgrade) {
            if (nowNanos - waitsSince > config().origins().readTimeout().toNanos()) {
                failHere(EdgeError.ORIGIN_READ_TIMEOUT, false);
            }
            return;
        }
        long originLimit = config().origins().writeTimeout().toNanos();
        if (upload.isBlocked() && nowNanos - upload.movedNanos() > originLimit) {
            failHere(EdgeError.ORIGIN_READ_TIMEOUT, false);
        } else if (upload.isTooSlow(
                client, config().bodies().rateMin(), config().clients().body(), nowNanos)) {
            refuse(EdgeError.REQUEST_TIMEOUT);
        }
    }
}
