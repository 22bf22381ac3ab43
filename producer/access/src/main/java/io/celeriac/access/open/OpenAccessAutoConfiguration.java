package io.celeriac.access.open;

import io.celeriac.web.WebAutoConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Import;

/** Says that access control is off: in the log, and to whoever asks. */
@AutoConfiguration(before = WebAutoConfiguration.class)
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "celeriac.access.enabled", havingValue = false)
@Import(OpenSessionController.class)
public class OpenAccessAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(OpenAccessAutoConfiguration.class);

    OpenAccessAutoConfiguration() {
        LOG.warn("access control is off (celeriac.access.enabled=false): everybody on this machine may do everything");
    }
}
