"""When people are asked again whether data may be shared: after an assessment of competence, a change of parental
responsibility, the end of compulsory school age, a service that moved, an agreement that runs out."""
