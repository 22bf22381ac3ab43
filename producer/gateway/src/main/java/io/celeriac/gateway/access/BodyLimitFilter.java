package io.celeriac.gateway.access;

import io.celeriac.gateway.problem.ProblemException;
import io.celeriac.gateway.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Answers 413 to a body over the limit: at once where its length is announced, else when it is reached. */
public final class BodyLimitFilter extends OncePerRequestFilter {

    private final long limit;
    private final long batchLimit;

    /**
     * @param limit in bytes
     * @param batchLimit in bytes, for paths that end in {@code /batch}
     */
    public BodyLimitFilter(long limit, long batchLimit) {
        this.limit = limit;
        this.batchLimit = batchLimit;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var most = request.getRequestURI().endsWith("/batch") ? batchLimit : limit;
        if (request.getContentLengthLong() > most) {
            ProblemWriter.write(request, response, HttpStatus.CONTENT_TOO_LARGE, message(most));
        } else {
            chain.doFilter(new Limited(request, most), response);
        }
    }

    private static String message(long most) {
        return "the body is larger than " + most + " bytes";
    }

    private static final class Limited extends HttpServletRequestWrapper {
        private final long most;

        Limited(HttpServletRequest request, long most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new LimitedStream(super.getInputStream(), most);
        }
    }

    private static final class LimitedStream extends ServletInputStream {
        private final ServletInputStream stream;
        private final long most;
        private long read;

        LimitedStream(ServletInputStream stream, long most) {
            this.stream = stream;
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            var next = stream.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            var count = stream.read(buffer, offset, length);
            count(Math.max(0, count));
            return count;
        }

        private void count(int bytes) {
            read += bytes;
            if (read > most) {
                throw new ProblemException(HttpStatus.CONTENT_TOO_LARGE, message(most));
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
