/** What each program may do at the Kafka cluster. */
@NullMarked
package io.celeriac.contract.acl;

import org.jspecify.annotations.NullMarked;
