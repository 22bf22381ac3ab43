package io.celeriac.web.load;

import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Limits requests to a part of the server's threads. The other threads always answer health and metrics, on the same port. A
 * request that finds no thread is answered 503 at once.
 *
 * <p>It reads the rest of an unwanted body for two seconds, so that the sender can read the answer; the server itself would
 * read for as long as bytes come.
 */
final class AdmissionValve extends ValveBase {

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionValve.class);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final int DRAIN_BYTES = 4 << 20;
    private static final int NONE_TO_DRAIN = 408;

    private final Semaphore threads;
    private final String always;

    /**
     * @param threads that requests may hold
     * @param always path whose calls do not count, such as {@code /actuator}
     */
    AdmissionValve(int threads, String always) {
        super(true);
        this.threads = new Semaphore(threads);
        this.always = always;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.isAsync()) {
            getNext().invoke(request, response); // it waited without a thread; only its answer is left to write
        } else if (isAlways(request)) {
            getNext().invoke(request, response);
            explain(request, response);
            cutBody(request);
        } else if (threads.tryAcquire()) {
            admitted(request, response);
        } else {
            refuse(request, response);
            cutBody(request);
        }
    }

    private boolean isAlways(Request request) {
        var path = request.getDecodedRequestURI();
        return path != null && (path.equals(always) || path.startsWith(always + "/"));
    }

    private void admitted(Request request, Response response) throws IOException, ServletException {
        try {
            getNext().invoke(request, response);
            explain(request, response);
            if (!request.isAsync() && response.getStatus() != NONE_TO_DRAIN) {
                drain(request, response);
            }
        } finally {
            threads.release();
        }
        cutBody(request);
    }

    private static void drain(Request request, Response response) {
        if (request.isFinished()) {
            return;
        }
        try {
            response.finishResponse();
            var rest = new Rest();
            var end = System.nanoTime() + DRAIN.toNanos();
            for (var left = DRAIN_BYTES; left > 0 && System.nanoTime() < end; ) {
                var count = request.getCoyoteRequest().doRead(rest);
                if (count < 0) {
                    return;
                }
                left -= count;
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the rest of a body could not be read", e);
        }
    }

    /** Takes the rest of a body from the connection, also when the application has closed the request's stream. */
    private static final class Rest implements ApplicationBufferHandler {

        private ByteBuffer buffer = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer next) {
            buffer = next;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return buffer;
        }

        @Override
        public void expand(int size) {} // the connection brings buffers of its own
    }

    /** Closes the connection after the answer instead of reading the rest of the body. */
    private static void cutBody(Request request) {
        if (!request.isFinished()) {
            request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    /** Adds a problem to an error that the server answered without a body, before any application saw the request. */
    private static void explain(Request request, Response response) throws IOException {
        if (!request.isAsync() && response.isError() && !response.isCommitted() && response.getContentWritten() == 0) {
            response.setSuspended(false);
            ProblemReportValve.write(request, response);
        }
    }

    private static void refuse(Request request, Response response) throws IOException {
        response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(SOON.toSeconds()));
        ProblemWriter.write(
                request, response, HttpStatus.SERVICE_UNAVAILABLE, "all threads for requests are in use; try again");
        response.finishResponse();
    }
}
