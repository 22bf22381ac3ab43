package io.celeriac.gateway.event;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.atomic.AtomicReference;

/** What a browser's EventSource does, but for coming back by itself. */
final class EventSource implements Flow.Subscriber<String>, AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * @param id in force when it came
     */
    record Event(String id, String event, String data) {}

    private final List<Event> all = new CopyOnWriteArrayList<>();
    private final AtomicReference<Subscription> subscription = new AtomicReference<>();
    private final CompletableFuture<HttpResponse.ResponseInfo> answer = new CompletableFuture<>();
    private volatile boolean ended;
    private volatile String lastId = "";
    private volatile String retry = "";
    private String event = "";
    private String data = "";

    private EventSource() {}

    /**
     * @param lastEventId empty for none
     */
    static EventSource open(URI uri, String lastEventId) {
        var source = new EventSource();
        source.lastId = lastEventId;
        var request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        HTTP.sendAsync(request.build(), info -> {
                    source.answer.complete(info);
                    return BodySubscribers.fromLineSubscriber(source);
                })
                .whenComplete((response, error) -> source.ended = true);
        return source;
    }

    /** One that was recorded as text. */
    static EventSource read(String text) {
        var source = new EventSource();
        text.lines().forEach(source::onNext);
        return source;
    }

    /** All that tell of tasks. */
    List<Event> changes() {
        return all.stream()
                .filter(one -> !List.of("position", "gap", "dropped").contains(one.event()))
                .toList();
    }

    List<Event> all() {
        return List.copyOf(all);
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
    public void onNext(String line) {
        if (line.startsWith("id: ")) {
            lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
            event = line.substring(7);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        } else if (line.startsWith("retry: ")) {
            retry = line.substring(7);
        } else if (line.isEmpty() && !data.isEmpty()) {
            all.add(new Event(lastId, event, data));
            data = "";
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
    public void close() {
        subscription.get().cancel();
    }
}
