package io.celeriac.gateway.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;

/** What a browser's EventSource does, but for coming back by itself. */
final class EventSource implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param id in force when it came
     */
    record Event(String id, String event, String data) {

        boolean isChange() {
            return !List.of("position", "gap", "dropped").contains(event);
        }
    }

    private final List<Event> all = Collections.synchronizedList(new ArrayList<>());
    private final AtomicReference<Subscription> subscription = new AtomicReference<>();
    private final CompletableFuture<HttpResponse.ResponseInfo> answer = new CompletableFuture<>();
    private volatile boolean ended;
    private boolean closed;
    private volatile String lastId = "";
    private volatile String retry = "";
    private int changes;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private String id = "";
    private String event = "";
    private String data = "";

    private EventSource() {}

    /**
     * @param lastEventId empty for none
     */
    static EventSource open(URI uri, String lastEventId) {
        var source = new EventSource();
        source.id = lastEventId;
        source.lastId = lastEventId;
        var request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HTTP.sendAsync(request.build(), info -> {
                    source.answer.complete(info);
                    return BodySubscribers.fromSubscriber(source);
                })
                .whenComplete((response, error) -> source.ended = true);
        return source;
    }

    /** One that was recorded as text. */
    static EventSource read(String text) {
        var source = new EventSource();
        text.lines().forEach(source::line);
        return source;
    }

    /** All that tell of tasks. */
    List<Event> changes() {
        return all().stream().filter(Event::isChange).toList();
    }

    /** All that tell of the stream itself. */
    List<Event> ownEvents() {
        return all().stream().filter(one -> !one.isChange()).toList();
    }

    /** Waits until there are so many at least; the caller looks whether there are. */
    synchronized void awaitChanges(int count, Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (changes < count && System.nanoTime() < deadline) {
            wait(100);
        }
    }

    List<Event> all() {
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    boolean isOpen() {
        return !all.isEmpty() && !ended;
    }

    boolean isEnded() {
        return ended;
    }

    String lastId() {
        return lastId;
    }

    String retry() {
        return retry;
    }

    /** Status and headers. */
    CompletableFuture<HttpResponse.ResponseInfo> answer() {
        return answer;
    }

    @Override
    public void onSubscribe(Subscription of) {
        subscription.set(of);
        of.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (var buffer : buffers) {
            while (buffer.hasRemaining()) {
                var next = buffer.get();
                if (next == '\n') {
                    line(unfinished.toString(UTF_8));
                    unfinished.reset();
                } else {
                    unfinished.write(next);
                }
            }
        }
    }

    private void line(String line) {
        if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("event: ")) {
            event = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        } else if (line.startsWith("retry: ")) {
            retry = line.substring(7);
        } else if (line.isEmpty()) {
            dispatch();
        }
    }

    /** An id counts once its event has come as a whole (WHATWG HTML, server-sent events), and none does after the close. */
    private synchronized void dispatch() {
        if (closed) {
            return;
        }
        lastId = id;
        if (!data.isEmpty()) {
            var one = new Event(id, event, data);
            all.add(one);
            changes += one.isChange() ? 1 : 0;
            data = "";
            notifyAll();
        }
    }

    @Override
    public void onError(Throwable error) {
        ended = true;
    }

    @Override
    public void onComplete() {
        ended = true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        subscription.get().cancel();
    }
}
