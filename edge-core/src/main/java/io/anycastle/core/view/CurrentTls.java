package io.anycastle.core.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What the proxy offers by TLS at this moment: it says so here, and DNS answers it. Any thread. */
public final class CurrentTls {
    private final List<Consumer<Optional<TlsFacts>>> followers = new ArrayList<>();
    private Optional<TlsFacts> facts = Optional.empty();

    /** Tells what is offered from now on; empty where no TLS listener runs. */
    public synchronized void publish(Optional<TlsFacts> offered) {
        facts = offered;
        followers.forEach(follower -> follower.accept(offered));
    }

    /** Adds a follower and tells it what is offered now; followers are called one after the other and do not block. */
    public synchronized void follow(Consumer<Optional<TlsFacts>> follower) {
        followers.add(follower);
        follower.accept(facts);
    }
}
