package io.celeriac.access.session;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.MySqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The tables {@code access_session} and {@code access_session_ATTRIBUTES}, which Spring Session reads and writes. */
final class SessionStoreRepository {

    private static final String TABLE = "access_session";

    private SessionStoreRepository() {}

    /**
     * @param idle how long a session lasts without a request
     */
    static JdbcIndexedSessionRepository create(
            DataSource database, PlatformTransactionManager transactions, Duration idle) {
        var template = new TransactionTemplate(transactions);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        template.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        var store = new JdbcIndexedSessionRepository(new JdbcTemplate(database), template);
        store.setTableName(TABLE);
        store.setDefaultMaxInactiveInterval(idle);
        store.setConversionService(texts());
        new MySqlJdbcIndexedSessionRepositoryCustomizer().customize(store);
        return store;
    }

    /** Sessions hold texts only, so that no row is ever read as a Java object. */
    private static ConversionService texts() {
        var texts = new GenericConversionService();
        texts.addConverter(Object.class, byte[].class, value -> {
            if (value instanceof String text) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            throw new IllegalArgumentException("a session holds texts only, no " + value.getClass());
        });
        texts.addConverter(byte[].class, Object.class, bytes -> new String(bytes, StandardCharsets.UTF_8));
        return texts;
    }
}
