package io.celeriac.access.actuator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.core.env.Environment;

/** Says in the log that {@code /actuator} asks nobody for credentials. */
@AutoConfiguration
@ConditionalOnBooleanProperty(name = "celeriac.web.enabled", havingValue = false)
@ConditionalOnBooleanProperty(name = ShownEndpoints.ACTUATOR_ONLY)
@ConditionalOnBooleanProperty(name = "celeriac.access.enabled", havingValue = false)
public class OpenActuatorAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(OpenActuatorAutoConfiguration.class);

    OpenActuatorAutoConfiguration(Environment settings) {
        LOG.warn(
                "access control is off (celeriac.access.enabled=false): whoever reaches /actuator sees {}",
                settings.getProperty(ShownEndpoints.SETTING));
    }
}
