package io.celeriac.web.request;

import io.celeriac.web.load.BodyMemory;
import io.celeriac.web.problem.ProblemException;
import io.celeriac.web.problem.ProblemWriter;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Limits the size, time and memory of request bodies. A body over the limit is answered 413: at once if its length is announced,
 * otherwise when the limit is reached. A body that does not come in time is answered 408, a body without memory 503.
 */
public final class BodyLimitFilter extends OncePerRequestFilter {

    private static final String BATCH = "/api/tasks/batch";
    private static final String WORKFLOWS = "/api/workflows";

    private final Limits limits;
    private final BodyMemory bodies;
    private final BodyMemory batches;

    /**
     * @param most bytes
     * @param mostOfABatch bytes, for a batch of tasks
     * @param timeout for the whole body, counted from the first access to it
     */
    public record Limits(long most, long mostOfABatch, Duration timeout) {}

    /**
     * @param bodies is taken from as the bytes come, so that a body that does not come takes nothing
     * @param batches is taken from at the beginning, since many batches that grow side by side would all be refused in the end
     */
    public BodyLimitFilter(Limits limits, BodyMemory bodies, BodyMemory batches) {
        this.limits = limits;
        this.bodies = bodies;
        this.batches = batches;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var isBatch = request.getRequestURI().equals(request.getContextPath() + BATCH);
        var most = isBatch ? limits.mostOfABatch() : limits.most();
        if (request.getContentLengthLong() > most) {
            ProblemWriter.write(request, response, HttpStatus.CONTENT_TOO_LARGE, message(request, most));
            return;
        }
        var length = request.getContentLengthLong();
        var share = isBatch ? batches.share(BodyMemory.OF_A_BATCH) : bodies.share(BodyMemory.OF_A_BODY);
        if (isBatch && !share.offer(length < 0 ? most : length)) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "2");
            ProblemWriter.write(request, response, HttpStatus.SERVICE_UNAVAILABLE, BodyMemory.FULL);
            return;
        }
        try {
            chain.doFilter(new Limited(request, most, isBatch ? null : share), response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(new AtEnd(share));
            } else {
                share.giveBack();
            }
        }
    }

    private static String message(HttpServletRequest request, long most) {
        var isWorkflow = request.getRequestURI().startsWith(request.getContextPath() + WORKFLOWS);
        return "the body is larger than " + most + " bytes"
                + (isWorkflow ? "; make a large group open, and send its members with append, some at a time" : "");
    }

    private static ProblemException late() {
        return new ProblemException(HttpStatus.REQUEST_TIMEOUT, "the body did not come in time");
    }

    /** Gives the memory back when the answer is complete: until then the body may still be in use. */
    private record AtEnd(BodyMemory.Share share) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            share.giveBack();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // it is completed afterwards
        }

        @Override
        public void onError(AsyncEvent event) {
            // it is completed afterwards
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }

    private final class Limited extends HttpServletRequestWrapper {
        private final long most;
        private final BodyMemory.@Nullable Share share;

        Limited(HttpServletRequest request, long most, BodyMemory.@Nullable Share share) {
            super(request);
            this.most = most;
            this.share = share;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(
                    super.getInputStream(),
                    most,
                    message(this, most),
                    share,
                    System.nanoTime() + limits.timeout().toNanos());
        }
    }

    private static final class LimitedStream extends ServletInputStream {
        private static final int PIECE = 8 << 10;

        private final ServletInputStream stream;
        private final long most;
        private final String tooLarge;
        private final BodyMemory.@Nullable Share share;
        private final long end;
        private long read;

        /**
         * @param tooLarge says so of a body that is larger
         */
        LimitedStream(
                ServletInputStream stream, long most, String tooLarge, BodyMemory.@Nullable Share share, long end) {
            this.stream = stream;
            this.most = most;
            this.tooLarge = tooLarge;
            this.share = share;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        /** Checks the deadline of the whole body: with a limit on each read, a slow sender could hold the thread. */
        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (System.nanoTime() - end > 0) {
                throw late();
            }
            var count = readInTime(buffer, offset, Math.min(length, PIECE));
            if (count > 0) {
                read += count;
                if (read > most) {
                    throw new ProblemException(HttpStatus.CONTENT_TOO_LARGE, tooLarge);
                }
                if (share != null) {
                    share.take(count);
                }
            }
            return count;
        }

        private int readInTime(byte[] buffer, int offset, int length) throws IOException {
            try {
                return stream.read(buffer, offset, length);
            } catch (SocketTimeoutException e) {
                throw late();
            } catch (IOException e) {
                if (e.getCause() instanceof SocketTimeoutException) {
                    throw late();
                }
                throw e;
            }
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }
}
