package io.anycastle.proxy.listen;

import io.netty.channel.Channel;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a socket in epoll's set for as long as it is open. Netty 4.2.18 takes it out when nothing is asked for, which is so once the other
 * side has ended and nothing waits to be written, but it does not put it in again: the next write that the other side does not take at
 * once fails, and all that waits behind it is lost. Errors, which epoll tells unasked, are asked for here; so there is always something.
 */
public final class EpollRegistration {
    private static final String CHANNEL = "io.netty.channel.epoll.AbstractEpollChannel";
    private static final int EPOLLERR = 0x08;
    private static final @Nullable Method SET_FLAG = setFlag();

    private EpollRegistration() {}

    private static @Nullable Method setFlag() {
        try {
            Method method = Class.forName(CHANNEL).getDeclaredMethod("setFlag", int.class);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException | LinkageError e) {
            return null; // a Netty without epoll, or another one
        }
    }

    /** Best before the channel is registered; then it costs nothing. Does nothing to channels of other kinds. */
    public static void keep(Channel channel) {
        if (SET_FLAG != null && SET_FLAG.getDeclaringClass().isInstance(channel)) {
            try {
                SET_FLAG.invoke(channel, EPOLLERR);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("a socket cannot be kept in epoll's set", e);
            }
        }
    }
}
